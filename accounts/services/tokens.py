"""Tokens of programs: short access tokens, and a family of refresh tokens of which one is good at a time.

simplejwt mints and checks; the family is ours, because its rotation gives one token several successors under
concurrency and keeps tokens in clear. Here the family's row is locked, compared and moved on in one
transaction.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.tokens import AccessToken, Token

from accounts.models import Person, RefreshFamily
from accounts.services import audit, notifications
from accounts.services.devices import UNKNOWN, Client
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, NotSignedInError

logger = structlog.get_logger(__name__)

BETWEEN_TABS = timedelta(seconds=10)


@dataclass(frozen=True)
class Pair:
    access: str
    refresh: str
    person: Person
    expires_at: datetime  # of the refresh token and all its successors


@dataclass(frozen=True)
class Access:
    """What an access token says: its person, the family that it lives with, and (in seconds of the epoch)
    when the person signed in and when the token ends.
    """

    person: UUID
    family: UUID
    proved_at: float
    expires_at: float


class RefreshToken(Token):
    token_type = "refresh"  # noqa: S105 -- a kind of token, not one
    lifetime = timedelta()  # simplejwt asks for one; the family's end counts


def begin(person: Person, *, client: Client = UNKNOWN) -> Pair:
    """A new family for a person who has just signed in with this client."""
    with tenancy.staff():
        family = RefreshFamily(
            person=person,
            address=client.address or None,
            agent=client.agent,
            expires_at=timezone.now() + settings.JWT_EXPIRES_IN,
        )
        refresh = successor(family)
        family.save(force_insert=True)
    return Pair(access_for(family), refresh, person, family.expires_at)


def rotate(text: str, *, is_browser: bool = False) -> Pair:
    """Exchange a refresh token for the next pair.

    Of one token used many times at once, one use gets the successor. A token that was used before ends its
    family, and the person is told by e-mail: somebody has a copy. Raises NotSignedInError in every other
    case than success; for `is_browser`, whose tabs share one cookie, ConflictError `REFRESHED_ALREADY` where
    another tab was faster by seconds (docs/adr/0013-two-tabs-are-no-thief.md).
    """
    token = read(text)
    with tenancy.staff(), transaction.atomic():
        family = (
            RefreshFamily.objects.select_for_update(of=["self"])
            .select_related("person")
            .filter(pk=token["family"])
            .first()
        )
        if family is None or not family.is_alive or not family.person.is_active:
            raise NotSignedInError("Invalid token", code="INVALID_TOKEN")
        used = digest(token["jti"])
        is_newest = used == family.digest
        if is_newest:
            refresh = successor(family)
            family.predecessor, family.rotated_at = used, timezone.now()
            family.save(update_fields=["digest", "predecessor", "rotated_at"])
        elif is_browser and was_newest_just_now(family, used):
            raise ConflictError(
                "Another tab of this browser has refreshed just now. Go on with the new cookies.",
                code="REFRESHED_ALREADY",
                retry_after=1,
            )
        else:
            close(family, "reused", family.person.actor)
            alarm(family.person)
    if not is_newest:
        logger.warning("refresh_token_reused", person=str(family.person_id), family=str(family.pk))
        raise NotSignedInError("This token was used before. Sign in again.", code="TOKEN_REUSED")
    return Pair(access_for(family), refresh, family.person, family.expires_at)


def was_newest_just_now(family: RefreshFamily, used: str) -> bool:
    return used == family.predecessor and timezone.now() - family.rotated_at < BETWEEN_TABS


def end(text: str) -> None:
    """Sign out: end the family of this refresh token. Ending twice is no error."""
    token = read(text)
    with tenancy.staff(), transaction.atomic():
        family = RefreshFamily.objects.select_for_update().filter(pk=token["family"], ended_at=None).first()
        if family:
            close(family, "signed out", family.person.actor)


def end_one(person: Person, family: str) -> bool:
    """End one sign-in of the person's programs, in staff's scope; False where there is none of this id."""
    try:
        found = (
            RefreshFamily.objects.select_for_update()
            .filter(pk=UUID(family), person=person, ended_at=None)
            .first()
        )
    except ValueError:
        return False
    if found:
        close(found, "ended by the person", person.actor)
    return found is not None


def end_all(person: Person, reason: str, *, by: Actor) -> int:
    """End every sign-in of the person's programs, in staff's scope; returns how many there were."""
    families = RefreshFamily.objects.select_for_update().filter(person=person, ended_at=None).order_by("id")
    for family in families:
        close(family, reason, by)
    return len(families)


def close(family: RefreshFamily, reason: str, by: Actor) -> None:
    family.ended_at, family.end_reason = timezone.now(), reason
    family.save(update_fields=["ended_at", "end_reason"])
    audit.record(
        "refresh_family.ended",
        by=by,
        target=family,
        organization=None,
        changes={"reason": reason},
    )


def alarm(person: Person) -> None:
    at = f"{timezone.now():%Y-%m-%d %H:%M} UTC"
    notifications.send(template="token_reused", person=person, context={"at": at})


def successor(family: RefreshFamily) -> str:
    """The next token of the family, whose digest the family now carries (unsaved)."""
    token = RefreshToken(None)
    token.set_exp(from_time=timezone.now(), lifetime=left_of(family.expires_at))
    token["sub"] = str(family.person_id)
    token["family"] = str(family.pk)
    family.digest = digest(token["jti"])
    return str(token)


def left_of(expires_at: datetime) -> timedelta:
    return expires_at - timezone.now()


def access_for(family: RefreshFamily) -> str:
    """A short token that names its family, so that it counts for nothing once the family has ended."""
    token = AccessToken()
    token["sub"] = str(family.person_id)
    token["family"] = str(family.pk)
    token["auth_time"] = int(family.created_at.timestamp())
    return str(token)


def opened(text: str) -> Access:
    """Whose access token this is. Raises NotSignedInError: forged, expired or of another kind."""
    access = checked(text)
    if access.expires_at <= time.time():
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN")
    return access


@lru_cache(maxsize=4096)
def checked(text: str) -> Access:
    """A program sends one token for minutes, and its signature does not change meanwhile."""
    try:
        token = AccessToken(text)  # type: ignore[arg-type]  # text is what it takes
        return Access(
            person=UUID(token["sub"]),
            family=UUID(token["family"]),
            proved_at=float(token.get("auth_time", 0)),
            expires_at=float(token["exp"]),
        )
    except (TokenError, KeyError, ValueError, AttributeError, TypeError) as error:
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN") from error


def read(text: str) -> Token:
    try:
        token = RefreshToken(text)  # type: ignore[arg-type]  # text is what it takes
    except TokenError as error:
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN") from error
    if not {"family", "jti"} <= token.payload.keys():
        raise NotSignedInError("Invalid token", code="INVALID_TOKEN")
    return token


def digest(identifier: str) -> str:
    return hashlib.sha256(identifier.encode()).hexdigest()
