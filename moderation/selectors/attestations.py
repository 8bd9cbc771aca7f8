"""What an organisation's owner has stated."""

from dataclasses import dataclass
from uuid import UUID

from moderation.domain import attestations
from moderation.models import Attestation


@dataclass(frozen=True)
class Standing:
    """Today's wording, and who has stated it (or a newer one) for the organisation; None: nobody yet."""

    wording_version: int
    wording: str
    attestation: Attestation | None


def standing_of(organization: UUID) -> Standing:
    return Standing(attestations.WORDING_VERSION, attestations.WORDING, in_force(organization))


def in_force(organization: UUID) -> Attestation | None:
    """The statement in today's wording, or a newer one; an older one counts no more."""
    return (
        Attestation.objects.filter(
            organization_id=organization, wording_version__gte=attestations.WORDING_VERSION
        )
        .order_by("-wording_version")
        .first()
    )
