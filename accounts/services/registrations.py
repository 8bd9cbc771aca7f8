"""Registering by the API: a person, an organisation, an e-mail that proves the address, and tokens."""

from contextlib import suppress
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts.models import Person
from accounts.services import audit, devices, notifications, people, profiles, sign_ins, tokens
from musenest.common import tenancy
from musenest.common.errors import ConflictError, DeniedError, LimitError

MANDATORY = "mandatory"


def register(
    *,
    request: Any,
    email: str,
    password: str,
    name: str = "",
    organization: str = "",
    v0_api_key: str = "",
) -> tokens.Pair | None:
    """Make the person with its organisation and profile, write the e-mail that proves the address, and sign
    the person in; recorded.

    Returns None where proving is mandatory: then nobody learns from the answer whether the address was known,
    and who has it is told by e-mail. Raises ConflictError `EMAIL_TAKEN` where it is not mandatory.
    """
    try:
        with transaction.atomic():
            person = people.register(email=email, password=password, name=name, organization=organization)
            if v0_api_key:
                profiles.update(person=person, fields={"v0_api_key": v0_api_key}, by=person.actor)
            ask_for_proof(request, person)
            return None if is_mandatory() else begin(request, person)
    except ConflictError as error:
        if not is_mandatory() or error.code != "EMAIL_TAKEN":
            raise
    with suppress(LimitError):  # the answer is the same, however often it is asked for
        notifications.send(template="registered_already", address=email.strip().lower())
    return None


def begin(request: Any, person: Person) -> tokens.Pair:
    sign_ins.succeed(request=request, person=person, method="tokens: registration")
    with tenancy.staff():
        audit.record("tokens.started", by=person.actor, target=person, organization=None)
    return tokens.begin(person, client=devices.client_of(request))


def ask_for_proof(request: Any, person: Person) -> None:
    """Keep the address as one that waits for its proof, and write the e-mail with the link."""
    with tenancy.staff():
        address = EmailAddress.objects.create(user=person, email=person.email, primary=True)
        address.send_confirmation(request, signup=True)


def refuse_unproven(person: Person) -> None:
    """Raise DeniedError where addresses must be proven and this person's is not."""
    if not is_mandatory():
        return
    with tenancy.staff():
        is_proven = EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()
    if not is_proven:
        raise DeniedError(
            "Open the link in our e-mail first. Sign in on the web to get another one.",
            code="EMAIL_UNVERIFIED",
        )


def is_mandatory() -> bool:
    return bool(settings.EMAIL_VERIFICATION == MANDATORY)
