"""E-mail: in production by a provider or SMTP, in development onto the console (M-172)."""

from musenest.settings.environment import ENVIRONMENT, env

SENDGRID_API_KEY = env.str("SENDGRID_API_KEY", default="")
RESEND_API_KEY = env.str("RESEND_API_KEY", default="")
SMTP_HOST = env.str("SMTP_HOST", default="")
MAIL_FOLDER = env.str("MAIL_FOLDER", default="")


def backend() -> str:
    """The first that is set up: a provider's API, SMTP, a folder; else the console (or memory, in tests)."""
    chosen = {
        "anymail.backends.sendgrid.EmailBackend": SENDGRID_API_KEY,
        "anymail.backends.resend.EmailBackend": RESEND_API_KEY,
        "django.core.mail.backends.smtp.EmailBackend": SMTP_HOST,
        "django.core.mail.backends.filebased.EmailBackend": MAIL_FOLDER,
        "django.core.mail.backends.locmem.EmailBackend": ENVIRONMENT == "test",
    }
    return next((name for name, is_set in chosen.items() if is_set), CONSOLE)


CONSOLE = "django.core.mail.backends.console.EmailBackend"
EMAIL_BACKEND = backend()
ANYMAIL = {
    "SENDGRID_API_KEY": SENDGRID_API_KEY,
    "RESEND_API_KEY": RESEND_API_KEY,
    "REQUESTS_TIMEOUT": (5, 20),
}
EMAIL_HOST = SMTP_HOST
EMAIL_PORT = env.int("SMTP_PORT", default=587)
EMAIL_HOST_USER = env.str("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env.str("SMTP_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("SMTP_TLS", default=True)
EMAIL_TIMEOUT = 20
EMAIL_FILE_PATH = MAIL_FOLDER or None
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="MuseNest <no-reply@musenest.example>")
