"""Keys, hosts, cookies, headers, sign-in, and which private addresses may be called."""

from datetime import timedelta

from musenest.settings.environment import ENVIRONMENT, IS_PRODUCTION, env, secret

SECRET_KEY = secret("SECRET_KEY")
JWT_SECRET = secret("JWT_SECRET")
# Fernet keys, newest first: the first encrypts, all decrypt.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=env.list("ENCRYPTION_KEY", default=[]))
# Seals the audit trail (musenest.common.chain).
SEAL_KEY = secret("SEAL_KEY")
# Where signed checkpoints of it go; empty: nowhere.
CHECKPOINT_FOLDER = env.str("CHECKPOINT_FOLDER", default="")

DEBUG = env.bool("DEBUG", default=False) and not IS_PRODUCTION
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["localhost", "127.0.0.1", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=IS_PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
SECURE_HSTS_PRELOAD = IS_PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = IS_PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
CSRF_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "musenest.common.failures.csrf"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["accounts.services.authentication.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if ENVIRONMENT == "test"  # people of tests sign in a thousand times
    else [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.ScryptPasswordHasher",  # what was hashed before, until the next sign-in
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
)
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/dashboard"  # O-14
LOGOUT_REDIRECT_URL = "/login"

# Pictures are never spooled to the disk (REQUIREMENTS.md, 21): memory only, and bounded.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# host:port pairs that may be called although their address is private (ARCHITECTURE.md, decision 6).
EGRESS_ALLOW = env.list("EGRESS_ALLOW", default=[])
