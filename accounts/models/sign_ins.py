from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from musenest.common import tenancy
from musenest.common.tenancy.isolation import PERSON


class SignInOutcome(models.TextChoices):
    TRIED = "tried", _("Not finished")
    SUCCEEDED = "succeeded", _("Signed in")
    CONFIRMED = "confirmed", _("Asked again, and right")
    FIRST_FACTOR = "first_factor", _("Password right, second factor asked")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    WRONG_CODE = "wrong_code", _("Wrong second factor")
    UNKNOWN = "unknown", _("Unknown address")
    DISABLED = "disabled", _("Disabled")
    REFUSED = "refused", _("Refused")
    LIMITED = "limited", _("Too many tries")


GUESSES = [
    SignInOutcome.TRIED,
    SignInOutcome.WRONG_PASSWORD,
    SignInOutcome.WRONG_CODE,
    SignInOutcome.UNKNOWN,
    SignInOutcome.DISABLED,
]


METHODS = {
    "password": _("password"),
    "code": _("code"),
    "totp": _("authenticator app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
    "google": _("Google"),
    "registration": _("registration"),
    "tokens: password": _("program with password"),
    "tokens: password, code": _("program with password and code"),
}


class SignInQuerySet(models.QuerySet["SignIn"]):
    def guesses(self, *, seconds: float) -> "SignInQuerySet":
        """What failed, or was not finished, in the last so many seconds; the newest first."""
        since = timezone.now() - timedelta(seconds=seconds)
        return self.filter(outcome__in=GUESSES, at__gt=since).order_by("-at")


class SignIn(models.Model):
    """One attempt to sign in (or to give the password or second factor again), whatever became of it."""

    # None: the address is nobody's.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="sign_ins"
    )
    account = models.CharField(max_length=64, editable=False, help_text="keyed hash of the e-mail address")
    method = models.CharField(max_length=40, help_text="password, totp, webauthn, google, tokens")
    outcome = models.CharField(max_length=20, choices=SignInOutcome, default=SignInOutcome.TRIED)
    address = models.GenericIPAddressField(null=True)
    subject = models.CharField(max_length=45, editable=False, help_text="what is counted of the address")
    agent = models.CharField(max_length=200, blank=True)
    device = models.CharField(max_length=32, blank=True, editable=False, help_text="of a known browser")
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects: Any = SignInQuerySet.as_manager()

    class Meta:
        db_table = "login_history"
        verbose_name = "sign-in"
        constraints = [
            tenancy.Isolation(name="sign_in_is_isolated", sees=f"person_id = {PERSON}", changes="false")
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="sign_in_by_person"),
            models.Index(fields=["account", "-at"], name="sign_in_by_account"),
            models.Index(fields=["subject", "-at"], name="sign_in_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_known_device(self) -> bool:
        return bool(self.device)

    @property
    def is_good(self) -> bool:
        return self.outcome in (SignInOutcome.SUCCEEDED, SignInOutcome.CONFIRMED, SignInOutcome.FIRST_FACTOR)

    @property
    def how(self) -> str:
        """By what, in words: "password + authenticator app"."""
        words = {key: str(text) for key, text in METHODS.items()}
        return " + ".join(words.get(part, part) for part in self.method.split(" + "))
