"""The owner's statement that the adult template asks for (REQUIREMENTS.md, 28)."""

from django.db import IntegrityError, transaction

from accounts.models import Organization
from accounts.services import audit
from moderation.models import Attestation
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError

WORDING_VERSION = 1
WORDING = (
    "Everybody who can be seen in pictures on our adult sites was at least 18 years old when the picture was "
    "made and has agreed to its publication. We keep the records that prove both, and show them to who may "
    "lawfully ask."
)


def make(*, organization: Organization, by: Actor) -> Attestation:
    """State it in today's wording, and record it. The caller has the permission `attest`."""
    try:
        with transaction.atomic():
            attestation = Attestation.objects.create(
                organization=organization,
                wording_version=WORDING_VERSION,
                wording=WORDING,
                stated_by=by.label,
            )
            audit.record("attestation.made", by=by, target=attestation, organization=organization.pk)
    except IntegrityError as error:
        raise ConflictError("This was stated before.", code="ATTESTATION_EXISTS") from error
    return attestation
