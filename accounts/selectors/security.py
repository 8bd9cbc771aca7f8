"""What a person sees of their own sign-in: factors, sessions, what was tried. In the person's own scope."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet

from accounts.models import Person, SignIn
from accounts.selectors import sessions
from accounts.selectors.sessions import Session

SHOWN = 5


@dataclass(frozen=True)
class Overview:
    person: Person
    new_address: str  # waits for its verification
    authenticator: Any
    passkeys: list[Any]
    codes_left: int | None  # None: there are none to have
    google: SocialAccount | None
    sessions: list[Session]
    sign_ins: list[SignIn]

    @property
    def has_factor(self) -> bool:
        return bool(self.authenticator or self.passkeys)


def overview(person: Person, *, session_key: str) -> Overview:
    """`session_key`: of the browser that asks."""
    addresses = list(EmailAddress.objects.filter(user=person))
    kept: dict[str, list[Any]] = {kind: [] for kind in Authenticator.Type.values}
    for each in Authenticator.objects.filter(user=person).order_by("pk"):
        kept[each.type].append(each.wrap())
    codes = kept[Authenticator.Type.RECOVERY_CODES]
    return Overview(
        person=person,
        new_address=next((each.email for each in addresses if each.email != person.email), ""),
        authenticator=next(iter(kept[Authenticator.Type.TOTP]), None),
        passkeys=kept[Authenticator.Type.WEBAUTHN],
        codes_left=len(codes[0].get_unused_codes()) if codes else None,
        google=SocialAccount.objects.filter(user=person, provider="google").first(),
        sessions=sessions.of_person(person, current=session_key),
        sign_ins=list(sign_ins_of(person)[:SHOWN]),
    )


def second_factors_of(person: Person) -> QuerySet[Any]:
    found: QuerySet[Any] = Authenticator.objects.filter(user=person)
    return found


def sign_ins_of(person: Person) -> QuerySet[SignIn]:
    """Newest first."""
    return SignIn.objects.filter(person=person).order_by("-pk")
