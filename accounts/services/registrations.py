"""Registering by the API: a person, an organisation, and where the address needs no proof first, tokens."""

from django.conf import settings
from django.db import transaction

from accounts.services import audit, people, profiles, tokens
from musenest.common import tenancy
from musenest.common.errors import ConflictError

MANDATORY = "mandatory"


def register(
    *, email: str, password: str, name: str = "", organization: str = "", v0_api_key: str = ""
) -> tokens.Pair | None:
    """Make the person with its organisation and profile, and sign it in; recorded.

    Returns None where EMAIL_VERIFICATION is mandatory: then nobody learns from the answer whether the address
    was known. Raises ConflictError `EMAIL_TAKEN` where it is not.
    """
    is_mandatory = getattr(settings, "EMAIL_VERIFICATION", "optional") == MANDATORY
    try:
        with transaction.atomic():
            person = people.register(email=email, password=password, name=name, organization=organization)
            if v0_api_key:
                profiles.update(person=person, fields={"v0_api_key": v0_api_key}, by=person.actor)
            if is_mandatory:
                return None
            with tenancy.staff():
                audit.record("tokens.started", by=person.actor, target=person, organization=None)
            return tokens.begin(person)
    except ConflictError as error:
        if is_mandatory and error.code == "EMAIL_TAKEN":
            return None
        raise
