"""The owner's statement that the adult template asks for (REQUIREMENTS.md, 28)."""

from django.db import IntegrityError, transaction

from accounts.models import Organization
from accounts.services import audit
from moderation.domain import attestations
from moderation.models import Attestation
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError


def make(*, organization: Organization, wording_version: int, by: Actor) -> Attestation:
    """State it in the wording that was read, and record it. The caller has the permission `attest`.

    Raises ConflictError `WORDING_CHANGED` where that is not today's, `ATTESTATION_EXISTS` for a second
    time.
    """
    if wording_version != attestations.WORDING_VERSION:
        raise ConflictError("The wording has changed. Read it again, then state it.", code="WORDING_CHANGED")
    try:
        with transaction.atomic():
            attestation = Attestation.objects.create(
                organization=organization,
                wording_version=attestations.WORDING_VERSION,
                wording=attestations.WORDING,
                stated_by=by.label,
            )
            audit.record("attestation.made", by=by, target=attestation, organization=organization.pk)
    except IntegrityError as error:
        raise ConflictError("This was stated before.", code="ATTESTATION_EXISTS") from error
    return attestation
