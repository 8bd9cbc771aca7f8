"""An organisation's API keys."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.models import ApiKey, Organization
from musenest.common.errors import NotFoundError


def of_organization(organization: Organization) -> QuerySet[ApiKey]:
    """All of them, revoked and expired ones too, the newest first."""
    return ApiKey.objects.filter(organization=organization).order_by("-created_at", "-id")


def get_for(organization: Organization, pk: UUID) -> ApiKey:
    key = of_organization(organization).filter(pk=pk).first()
    if key is None:
        raise NotFoundError("There is no such API key.", code="API_KEY_UNKNOWN")
    return key
