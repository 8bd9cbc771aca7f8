"""Making, changing and removing sites. Nothing here reaches a server: that is a deployment's work."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.services import audit
from billing.services import entitlements
from moderation.domain.changes import changes
from moderation.models import Server, Site, SiteStatus
from moderation.selectors import configurations, servers, sites, templates
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, InvalidError, NotFoundError

# What a person may set; everything else is ours.
SETTABLE = (
    "site_identifier", "site_name", "nudenet_config", "blip_config", "moderation_rules", "usage_intents",
    "webhook_url", "is_active",
)  # fmt: skip


def create(*, organization: Organization, fields: Mapping[str, Any], by: Actor) -> Site:
    """Make a site on a template, place it on a server with room, and record it.

    `fields` are SETTABLE ones, `industry_template` (a template's name) and `server` (an id, else the placement chooses).
    Raises DeniedError at the tier's limit, ConflictError for an identifier in use, InvalidError with paths.
    """
    site = Site(
        organization=organization,
        industry_template=templates.named(str(fields.get("industry_template", ""))),
        last_saved_by=by.label,
        **{name: fields[name] for name in SETTABLE if name in fields},
    )
    with transaction.atomic():
        # The lock that this takes also makes two equal identifiers take turns.
        entitlements.require_room_for_a_site(organization, lambda: sites.visible_to(organization).count())
        site.server = chosen_server(organization, fields.get("server"))
        check(site)
        site.save(force_insert=True)
        audit.record("site.created", by=by, target=site, organization=organization.pk)
    return site


def update(*, site: Site, fields: Mapping[str, Any], by: Actor, expected_version: int | None = None) -> Site:
    """Save changed settings, count the save, and record what changed. Deploys nothing.

    With `expected_version` (the `config_version` that was read) a site saved by somebody else meanwhile raises
    ConflictError `CONFIG_VERSION_STALE`, whose details carry the current documents and what differs from ours.
    """
    with transaction.atomic():
        current = (
            Site.objects.select_for_update(of=["self"])
            .select_related("industry_template", "server", "deployed_version")
            .get(pk=site.pk, deleted_at=None)
        )
        if expected_version is not None and expected_version != current.config_version:
            raise stale(current, fields)
        before = snapshot(current)
        apply(current, fields)
        check(current)
        differing = changes(before, snapshot(current), {})
        if not differing:
            return current
        current.config_version += 1
        current.last_saved_by = by.label
        current.deployment_status = status_after_save(current)
        current.save()
        recorded = {change.path: [change.before, change.after] for change in differing}
        audit.record(
            "site.updated", by=by, target=current, organization=current.organization_id, changes=recorded
        )
    return current


def delete(*, site: Site, by: Actor) -> None:
    """Take the site away; its history and decisions stay. Its place in the tier's limit is free at once."""
    with transaction.atomic():
        current = Site.objects.select_for_update().get(pk=site.pk)
        if current.deleted_at is not None:
            return
        current.deleted_at, current.is_active = timezone.now(), False
        current.save(update_fields=["deleted_at", "is_active", "updated_at"])
        audit.record("site.deleted", by=by, target=current, organization=current.organization_id)


def apply(site: Site, fields: Mapping[str, Any]) -> None:
    for name in SETTABLE:
        if name in fields:
            setattr(site, name, fields[name])
    if "industry_template" in fields:
        site.industry_template = templates.named(str(fields["industry_template"]))
    if fields.get("server") and str(fields["server"]) != str(site.server_id):
        site.server = chosen_server(site.organization, fields["server"])


def chosen_server(organization: Organization, wanted: Any) -> Server | None:
    """The server that was asked for, if it may be used and has room; the placement's choice (or none) otherwise."""
    if not wanted:
        return servers.best_for(organization)
    server = servers.usable_by(organization).filter(pk=sites.as_uuid(str(wanted))).first()
    if server is None:
        raise NotFoundError("There is no such server.", code="SERVER_UNKNOWN")
    if not servers.has_room(server):
        raise ConflictError(f"The server {server} takes no further site.", code="SERVER_FULL")
    return server


def check(site: Site) -> None:
    """Raise for fields, documents or an identifier that cannot be saved."""
    configurations.of_site(site)
    try:
        site.clean_fields(exclude=["organization", "server", "industry_template", "deployed_version"])
    except ValidationError as error:
        raise invalid(error) from error
    twins = (
        sites.visible_to(site.organization).filter(site_identifier=site.site_identifier).exclude(pk=site.pk)
    )
    if twins.exists():
        raise ConflictError(
            f"The identifier {site.site_identifier} is in use in this organisation.",
            code="SITE_IDENTIFIER_TAKEN",
        )


def invalid(error: ValidationError) -> InvalidError:
    errors = [
        {"path": path, "code": "INVALID", "message": " ".join(messages)}
        for path, messages in error.message_dict.items()
    ]
    first = errors[0]
    return InvalidError(
        f"{first['path']}: {first['message']}",
        details={"errors": errors, "field": first["path"], "reason": first["message"]},
    )


def snapshot(site: Site) -> dict[str, Any]:
    return {
        **{name: getattr(site, name) for name in SETTABLE},
        "industry_template": site.industry_template.name,
        "server": str(site.server_id or ""),
    }


def stale(current: Site, fields: Mapping[str, Any]) -> ConflictError:
    theirs = snapshot(current)
    ours = {name: fields[name] for name in theirs if name in fields}
    differing = changes({name: theirs[name] for name in ours}, ours, {})
    return ConflictError(
        f"{current.last_saved_by or 'Somebody'} saved this site meanwhile. Look at the changes, then save again.",
        code="CONFIG_VERSION_STALE",
        details={
            "config_version": current.config_version,
            "saved_by": current.last_saved_by,
            "saved_at": current.updated_at.isoformat(),
            "current": theirs,
            "changes": [
                {"path": item.path, "theirs": item.before, "yours": item.after} for item in differing
            ],
        },
    )


def status_after_save(site: Site) -> str:
    """`deployed` while what is saved is what the server has; `outdated` when not; `pending` before the first deployment."""
    if site.deployed_version is None:
        return SiteStatus.PENDING
    is_same = configurations.of_site(site).digest == site.deployed_version.digest
    return SiteStatus.DEPLOYED if is_same else SiteStatus.OUTDATED
