"""Making, rotating and revoking API keys. Nobody gives a key more than he has himself."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.domain import api_keys as key_format
from accounts.models import ApiKey, Organization
from accounts.rules import SCOPES, scopes_within
from accounts.selectors import memberships
from accounts.services import audit, email_addresses
from musenest.common import entitlements
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, DeniedError, InvalidError


def create(
    *,
    organization: Organization,
    name: str,
    scopes: Sequence[str],
    by: Actor,
    mode: str = "live",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key; returns the row and the key itself, which is never to be had again.

    Raises DeniedError when the tier has no API keys and for a scope beyond the actor's own rights,
    InvalidError for a scope that does not exist and for an end in the past, DeniedError
    `ADDRESS_NOT_VERIFIED`.
    """
    email_addresses.refuse_unverified(by)
    entitlements.require(organization, "api_keys")
    if unknown := sorted(set(scopes) - SCOPES.keys()):
        raise InvalidError(
            "Unknown scopes: %(scopes)s.", code="SCOPE_UNKNOWN", figures={"scopes": ", ".join(unknown)}
        )
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidError("A key cannot end in the past.", code="EXPIRES_IN_THE_PAST")
    text = key_format.generate(mode)
    with transaction.atomic():
        refuse_beyond(by, organization, scopes)
        key = ApiKey.objects.create(
            organization=organization,
            name=name,
            mode=mode,
            scopes=sorted(set(scopes)),
            digest=key_format.digest(text),
            last_four=text[-4:],
            created_by=by.label,
            maker=maker_of(by),
            expires_at=expires_at,
        )
        audit.record(
            "api_key.created",
            by=by,
            target=key,
            organization=organization.pk,
            changes={"scopes": key.scopes, "mode": mode},
        )
    return key, text


def rotate(*, key: ApiKey, by: Actor) -> tuple[ApiKey, str]:
    """Give the row a new key, which is shown once; the one before counts for nothing from now on. Who rotates
    it is its maker from now on. Recorded.

    Raises ConflictError for a key that was revoked or has ended, DeniedError for scopes beyond the actor's
    and `ADDRESS_NOT_VERIFIED`.
    """
    email_addresses.refuse_unverified(by)
    with transaction.atomic():
        fresh = ApiKey.objects.select_for_update(of=["self"]).select_related("organization").get(pk=key.pk)
        if not ApiKey.objects.usable().filter(pk=key.pk).exists():
            raise ConflictError("This key has ended. Make another one.", code="API_KEY_ENDED")
        refuse_beyond(by, fresh.organization, fresh.scopes)
        text = key_format.generate(fresh.mode)
        before, fresh.last_four = fresh.last_four, text[-4:]
        fresh.digest = key_format.digest(text)
        fresh.created_by, fresh.maker = by.label, maker_of(by)
        fresh.save(update_fields=["digest", "last_four", "created_by", "maker"])
        audit.record(
            "api_key.rotated",
            by=by,
            target=fresh,
            organization=fresh.organization_id,
            changes={"last_four": [before, fresh.last_four]},
        )
    return fresh, text


def maker_of(by: Actor) -> UUID | None:
    return UUID(by.id) if by.kind == "person" else None


def refuse_beyond(by: Actor, organization: Organization, scopes: Sequence[str]) -> None:
    """Raise DeniedError for a scope that opens what the actor may not do himself, by now."""
    allowed = scopes_within(memberships.authority_of(by, organization))
    if beyond := sorted(set(scopes) - set(allowed)):
        raise DeniedError(
            "Your role does not allow what these scopes open: %(scopes)s.",
            code="SCOPE_BEYOND_YOURS",
            figures={"scopes": ", ".join(beyond)},
        )


def revoke(*, key: ApiKey, by: Actor) -> ApiKey:
    """End the key now; recorded once, however often it is asked for."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
        if ended:
            audit.record("api_key.revoked", by=by, target=key, organization=key.organization_id)
    key.refresh_from_db()
    return key
