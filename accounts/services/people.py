"""Making people, letting them register, disabling them."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import ApiKey, Person
from accounts.services import audit, organizations, profiles, tokens
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, DeniedError, InvalidError


def create(*, email: str, password: str, by: Actor, name: str = "", is_staff: bool = False) -> Person:
    """Make a person who can sign in, and record it. Staff get every right of the admin.

    The address counts as verified: who makes the person vouches for it.
    """
    with tenancy.staff(), transaction.atomic():
        person = Person.objects.create_user(
            email, password, name=name, is_staff=is_staff, is_superuser=is_staff
        )
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        audit.record("person.created", by=by, target=person, organization=None)
    return person


def register(*, email: str, password: str | None, name: str = "", organization: str | None = "") -> Person:
    """Make a person, who reads the language that is spoken now, and, owned by it, an organisation (named
    `organization`, else after the person; for None, of somebody who was invited, none), and record both.
    Without a password the person signs in another way (Google).

    Raises ConflictError `EMAIL_TAKEN` for a known address, InvalidError for a password that is too weak.
    """
    address = email.strip().lower()
    if password is not None:
        refuse_weak(password, Person(email=address, name=name))
    with tenancy.staff(), transaction.atomic():
        try:
            with transaction.atomic():
                person = Person.objects.create_user(
                    address, password, name=name, locale=get_language() or settings.LANGUAGE_CODE
                )
        except IntegrityError as error:
            raise email_taken() from error
        audit.record("person.registered", by=person.actor, target=person, organization=None)
        if organization is not None:
            organizations.create(name=organization or personal_name(person), owner=person, by=person.actor)
    return person


def personal_name(person: Person) -> str:
    return (person.name or person.email.split("@", maxsplit=1)[0])[:120]


def refuse_weak(password: str, person: Person) -> None:
    """Raise InvalidError with every reason that speaks against the password."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        reasons = [
            {"path": "password", "code": "PASSWORD_WEAK", "message": message} for message in error.messages
        ]
        raise InvalidError(
            " ".join(error.messages),
            code="PASSWORD_WEAK",
            details={"errors": reasons, "field": "password", "reason": error.messages[0]},
        ) from error


def create_checked(*, email: str, password: str, by: Actor, name: str = "", is_staff: bool = False) -> Person:
    """Make a person who belongs to no organisation yet, and record it. Raises as `register` does: nobody who
    is there becomes staff by an address that was mistyped.
    """
    address = email.strip().lower()
    refuse_weak(password, Person(email=address, name=name))
    try:
        return create(email=address, password=password, by=by, name=name, is_staff=is_staff)
    except IntegrityError as error:
        raise email_taken() from error


def email_taken() -> ConflictError:
    return ConflictError("This address is registered already.", code="EMAIL_TAKEN")


def update(*, person: Person, fields: Mapping[str, Any], by: Actor) -> Person:
    """Change name, language or time zone and, by `is_active`, disable or enable; recorded each. Only staff
    may say `is_active`. Raises as `profiles.update` and `disable` do.
    """
    own = {name: value for name, value in fields.items() if name != "is_active"}
    with transaction.atomic():
        if "is_active" in fields:
            (enable if fields["is_active"] else disable)(person=person, by=by)
        return profiles.update(person=person, fields=own, by=by).person


def disable(*, person: Person, by: Actor) -> Person:
    """Let the person in no more, from the next request on: its sign-ins of programs end, a browser's session
    counts for nothing. Recorded once. Raises DeniedError for whoever is no staff, ConflictError for oneself.
    """
    if by.id == str(person.pk):
        raise ConflictError(
            "You cannot disable yourself. Leave your organisations, or ask staff.",
            code="CANNOT_DISABLE_YOURSELF",
        )
    refuse_others_than_staff(by)
    return set_active(person, by, is_active=False)


def enable(*, person: Person, by: Actor) -> Person:
    """Let a disabled person sign in again, and record it. What was ended stays ended. Raises DeniedError for
    whoever is no staff.
    """
    refuse_others_than_staff(by)
    return set_active(person, by, is_active=True)


def refuse_others_than_staff(by: Actor) -> None:
    if by.kind != "system" and not by.is_staff:
        raise DeniedError("Only staff disable and enable people.", code="STAFF_NEEDED")


def tell_of_keys(person: Person, by: Actor) -> list[ApiKey]:
    """Have each organisation's trail say that the maker of a live key is disabled; it goes on working."""
    keys = list(ApiKey.objects.usable().filter(maker=person.pk).order_by("id"))
    for key in keys:
        audit.record(
            "api_key.maker_disabled",
            by=by,
            target=key,
            organization=key.organization_id,
            changes={"maker": person.email},
        )
    return keys


def set_active(person: Person, by: Actor, *, is_active: bool) -> Person:
    with tenancy.staff(), transaction.atomic():
        fresh = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if fresh.is_active == is_active:
            return fresh
        fresh.is_active = is_active
        if not is_active:
            fresh.signed_out_at = timezone.now()  # sessions from before count for nothing, later neither
            tokens.end_all(fresh, "disabled", by=by)
        keys = [] if is_active else tell_of_keys(fresh, by)
        fresh.save(update_fields=["is_active", "signed_out_at", "updated_at"])
        audit.record(
            f"person.{'enabled' if is_active else 'disabled'}",
            by=by,
            target=fresh,
            organization=None,
            changes={"live_api_keys": len(keys)} if keys else {},
        )
    return fresh
