"""Where one signs in, registers, and looks after one's sign-in: allauth's views at our addresses.

`account_…`, `mfa_…`, `google_…` are the names by which allauth finds its own pages.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount.providers.google import views as google
from django.urls import URLPattern, path, register_converter
from django.urls.converters import StringConverter

from accounts.portal import asking, security, sessions
from accounts.portal.entrances import (
    account_in_form,
    account_in_session,
    among_all,
    entrance,
    own,
    own_secret,
    passkey_in_form,
    question,
    with_google,
)
from accounts.portal.password_resets import NewPasswordView


class Uid(StringConverter):
    """A person's id as allauth writes it in links, where a dash ends it."""

    regex = "[0-9A-Za-z]+"


register_converter(Uid, "uid")
login = entrance(account.login, knows_devices=True, tries=account_in_form)
step_up, index = question(asking.ask), own(security.show)
SECURITY = "settings/security"

# For nobody yet.
ENTRANCES = [
    path("login", login, name="login"),
    path("login", login, name="account_login"),
    path(
        "login/second-factor", entrance(mfa.authenticate, tries=account_in_session), name="mfa_authenticate"
    ),
    path(
        "login/passkey", entrance(passkeys.login_webauthn, tries=passkey_in_form), name="mfa_login_webauthn"
    ),
    path("login/disabled", entrance(account.account_inactive), name="account_inactive"),
    path("logout", sessions.logout, name="logout"),
    path("logout", sessions.logout, name="account_logout"),
    path("register", entrance(account.signup), name="account_signup"),
    path("verify", entrance(account.email_verification_sent), name="account_email_verification_sent"),
    path("verify/<str:key>", entrance(account.confirm_email), name="account_confirm_email"),
    path("reset-password", entrance(account.password_reset), name="account_reset_password"),
    path("reset-password/sent", entrance(account.password_reset_done), name="account_reset_password_done"),
    path(
        "reset-password/done",
        entrance(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path(
        "reset-password/<uid:uidb36>-<str:key>",
        entrance(NewPasswordView.as_view()),
        name="account_reset_password_from_key",
    ),
    path("auth/error", security.error, name="auth-error"),
    path("auth/google", entrance(with_google(google.oauth2_login)), name="google_login"),
    path("auth/google/callback", among_all(with_google(google.oauth2_callback)), name="google_callback"),
]

# For somebody signed in, about themselves.
OWN = [
    path("dashboard", sessions.home, name="dashboard"),
    path("studio", sessions.home, name="studio"),
    path("confirm", step_up, name="step-up"),
    path("confirm", step_up, name="account_reauthenticate"),
    path("confirm/code", question(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/passkey", question(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path(SECURITY, index, name="security"),
    path(SECURITY, index, name="mfa_index"),
    path(SECURITY, index, name="mfa_list_webauthn"),
    path(SECURITY, index, name="socialaccount_connections"),
    path(f"{SECURITY}/password", own(account.password_change), name="account_change_password"),
    path(f"{SECURITY}/new-password", own_secret(account.password_set), name="account_set_password"),
    path(f"{SECURITY}/email", own_secret(among_all(account.email)), name="account_email"),
    path(f"{SECURITY}/email/send-again", own(security.send_again), name="email-send-again"),
    path(f"{SECURITY}/authenticator", own_secret(totp.activate_totp), name="mfa_activate_totp"),
    path(f"{SECURITY}/authenticator/remove", own_secret(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{SECURITY}/codes", own_secret(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        f"{SECURITY}/codes/new", own_secret(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path(
        f"{SECURITY}/codes/file",
        own_secret(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path(f"{SECURITY}/passkeys/new", own_secret(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(f"{SECURITY}/passkeys/<int:pk>", own_secret(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path(
        f"{SECURITY}/passkeys/<int:pk>/remove",
        own_secret(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(f"{SECURITY}/google/remove", own_secret(security.disconnect), name="google-disconnect"),
    path(f"{SECURITY}/sign-ins", own(security.history), name="sign-ins"),
    path(f"{SECURITY}/sessions/<str:session>/end", own(security.end_session), name="session-end"),
    path(f"{SECURITY}/sessions/end-others", own(security.end_others), name="sessions-end-others"),
    path(f"{SECURITY}/sessions/end-all", own(security.end_all), name="sessions-end-all"),
]

urlpatterns: list[URLPattern] = [*ENTRANCES, *OWN]
