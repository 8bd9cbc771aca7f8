"""How people sign in on the web: django-allauth, with passwords, Google, second factors and passkeys.

What programs use (tokens, keys) is in `musenest.settings.api`.
"""

from datetime import timedelta
from typing import Any

from musenest.settings.environment import ENVIRONMENT, IS_PRODUCTION, env
from musenest.settings.security import LOGIN_REDIRECT_URL

ACCOUNT_ADAPTER = "accounts.portal.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.portal.social_adapter.SocialAdapter"
MFA_ADAPTER = "accounts.portal.mfa_adapter.MfaAdapter"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.portal.forms.SignInForm",
    "signup": "accounts.portal.forms.RegistrationForm",
    "add_email": "accounts.portal.forms.ChangeAddressForm",
    "change_password": "accounts.portal.forms.OwnPasswordForm",
    "reset_password": "accounts.portal.forms.ForgottenPasswordForm",
}
# optional: a new person may begin at once; mandatory: only once the link in the e-mail was opened, and an
# address that is registered already is answered like a new one.
EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_EMAIL_VERIFICATION = EMAIL_VERIFICATION
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers' mailboxes are not ours to write to
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one counts once it is verified
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_PRODUCTION else "http"
ACCOUNT_LOGIN_REDIRECT_URL = ACCOUNT_SIGNUP_REDIRECT_URL = LOGIN_REDIRECT_URL
ACCOUNT_EMAIL_CONFIRMATION_ANONYMOUS_REDIRECT_URL = "/login"
# Guessing is limited by accounts.services.sign_ins, whose limits cannot be turned against somebody else;
# requests by musenest.common.rates. What stays here are e-mails to one address.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": None,
    "reauthenticate": None,
    "reset_password": "5/10m/key",
    "confirm_email": "1/1m/key",
}

# How long a sign-in, or a password given again, opens what is about money and secrets.
STEP_UP_MINUTES = env.int("STEP_UP_MINUTES", default=15)
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=STEP_UP_MINUTES).total_seconds())

# Off in development only, where the demonstration's staff sign in with their password alone.
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=ENVIRONMENT != "development")
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "authenticate": "accounts.portal.code_forms.SecondFactorForm",
    "reauthenticate": "accounts.portal.code_forms.StepUpCodeForm",
    "login_webauthn": "accounts.portal.code_forms.PasskeySignInForm",
    "reauthenticate_webauthn": "accounts.portal.code_forms.StepUpPasskeyForm",
}
MFA_TOTP_ISSUER = "MuseNest"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION  # http://localhost

GOOGLE_CLIENT_ID = env.str("GOOGLE_CLIENT_ID", default="")
GOOGLE: dict[str, Any] = {
    "AUTHORIZE_URL": "https://accounts.google.com/o/oauth2/v2/auth",
    "SCOPE": ["openid", "email", "profile"],
    "AUTH_PARAMS": {"prompt": "select_account"},
    "OAUTH_PKCE_ENABLED": True,
}
if GOOGLE_CLIENT_ID:
    GOOGLE["APPS"] = [{"client_id": GOOGLE_CLIENT_ID, "secret": env.str("GOOGLE_CLIENT_SECRET", default="")}]
SOCIALACCOUNT_PROVIDERS = {"google": GOOGLE}
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # Google has verified it, or the adapter refuses
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
