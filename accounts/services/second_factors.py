"""Second factors: who has one, whether a code is right, whether this session was opened with one.

allauth keeps them (authenticator apps, passkeys, recovery codes) and writes into the session by what the
person has signed in.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import Person

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_one(person: Person) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exists())


def matching(person: Person, code: str) -> Any:
    """The authenticator app or recovery codes that this code is of; it is used up. None: of neither."""
    found = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.WEBAUTHN)
    return next((each for each in found.order_by("pk") if each.wrap().validate_code(code)), None)


def was_given(request: Any) -> bool:
    """Whether the session's person has shown a second factor in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def must_have_one(person: Any) -> bool:
    """Whether it is staff, who act with a second factor only (STAFF_MFA_REQUIRED)."""
    return bool(settings.STAFF_MFA_REQUIRED and getattr(person, "is_staff", False))


def is_missing(request: Any) -> bool:
    """Whether the session's person must show a second factor first."""
    return must_have_one(request.user) and not was_given(request)


def has_another(person: Person, but: Authenticator) -> bool:
    return bool(Authenticator.objects.filter(user=person, type__in=FACTORS).exclude(pk=but.pk).exists())
