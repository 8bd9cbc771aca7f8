"""Making and revoking API keys."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.domain import api_keys as key_format
from accounts.models import ApiKey, Organization
from accounts.rules import SCOPES
from accounts.services import audit
from musenest.common import entitlements
from musenest.common.actors import Actor
from musenest.common.errors import InvalidError


def create(
    *, organization: Organization, name: str, scopes: Sequence[str], by: Actor, mode: str = "live"
) -> tuple[ApiKey, str]:
    """Make a key; returns the row and the key itself, which is never to be had again.

    Raises DeniedError when the tier has no API keys, InvalidError for a scope that does not exist.
    """
    entitlements.require(organization, "api_keys")
    if unknown := sorted(set(scopes) - SCOPES.keys()):
        raise InvalidError(f"Unknown scopes: {', '.join(unknown)}.", code="SCOPE_UNKNOWN")
    text = key_format.generate(mode)
    with transaction.atomic():
        key = ApiKey.objects.create(
            organization=organization,
            name=name,
            mode=mode,
            scopes=sorted(set(scopes)),
            digest=key_format.digest(text),
            last_four=text[-4:],
            created_by=by.label,
        )
        audit.record(
            "api_key.created", by=by, target=key, organization=organization.pk, changes={"scopes": key.scopes}
        )
    return key, text


def revoke(*, key: ApiKey, by: Actor) -> ApiKey:
    """End the key now; recorded once, however often it is asked for."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
        if ended:
            audit.record("api_key.revoked", by=by, target=key, organization=key.organization_id)
    key.refresh_from_db()
    return key
