"""Making, changing and removing sites. Nothing here reaches a server: that is a deployment's work."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organization
from accounts.services import audit
from billing.services import entitlements
from moderation.domain.changes import changes
from moderation.domain.errors import ConfigurationError
from moderation.domain.merging import merged
from moderation.domain.schemas import DOCUMENTS, parse_documents
from moderation.models import ConfigurationVersion, Server, Site, SiteStatus
from moderation.selectors import configurations, servers, sites, templates
from moderation.services import plan_features, removals, retention
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, InvalidError, NotFoundError

# What a person may set; everything else is ours.
SETTABLE = (
    "site_identifier", "site_name", "nudenet_config", "blip_config", "moderation_rules", "usage_intents",
    "webhook_url", "is_active", "retention_months",
)  # fmt: skip


def create(*, organization: Organization, fields: Mapping[str, Any], by: Actor) -> Site:
    """Make a site on a template, place it on a server with room, and record it.

    `fields` are SETTABLE ones, `industry_template` (a template's name) and `server` (an id, else the
    placement chooses). Raises DeniedError at the tier's limit and for settings that the plan lacks,
    ConflictError for an identifier in use, InvalidError with paths.
    """
    site = Site(
        organization=organization,
        industry_template=templates.named(str(fields.get("industry_template", ""))),
        last_saved_by=by.label,
        **{name: fields[name] for name in SETTABLE if name in fields},
    )
    with transaction.atomic():
        # The lock that this takes also makes two equal identifiers take turns.
        entitlements.require_room_for_a_site(organization, lambda: sites.count_of(organization))
        site.server = chosen_server(organization, fields.get("server"))
        check(site)
        plan_features.require(site)
        store(site, force_insert=True)
        audit.record("site.created", by=by, target=site, organization=organization.pk)
    return site


def update(*, site: Site, fields: Mapping[str, Any], by: Actor, expected_version: int | None = None) -> Site:
    """Save changed settings, count the save, and record what changed. Deploys nothing. A document that
    `fields` name is replaced as a whole.

    With `expected_version` (the `config_version` that was read) a site saved by somebody else
    meanwhile raises ConflictError `CONFIG_VERSION_STALE`, whose details carry the current documents
    and what differs from ours. Settings that the plan lacks raise DeniedError, unless they were there; so do
    fewer months for decisions, of who may not remove any.
    """
    with transaction.atomic():
        current = locked(site)
        refuse_stale(current, fields, expected_version)
        return saved(current, fields, by)


def patch(*, site: Site, fields: Mapping[str, Any], by: Actor, expected_version: int | None = None) -> Site:
    """Like `update`, but of a document only the named values change; None takes one away (RFC 7396)."""
    with transaction.atomic():
        current = locked(site)
        whole = {
            name: merged(current.documents[name], value) if name in DOCUMENTS else value
            for name, value in fields.items()
        }
        refuse_stale(current, whole, expected_version)
        return saved(current, whole, by)


def locked(site: Site) -> Site:
    """The site as it is now, locked. Raises NotFoundError when it was deleted meanwhile."""
    found = (
        Site.objects.select_for_update(of=["self"])
        .select_related("organization", "industry_template", "server", "deployed_version")
        .filter(pk=site.pk, deleted_at=None)
        .first()
    )
    if found is None:
        raise NotFoundError("There is no such site.", code="SITE_UNKNOWN")
    return found


def refuse_stale(current: Site, fields: Mapping[str, Any], expected_version: int | None) -> None:
    if expected_version is not None and expected_version != current.config_version:
        raise stale(current, fields)


def saved(current: Site, fields: Mapping[str, Any], by: Actor) -> Site:
    """The locked site with these fields, saved and recorded if they differ from what it has."""
    before, own = snapshot(current), plan_features.own_values(current)
    apply(current, fields)
    check(current)
    plan_features.require(current, own)
    differing = changes(before, snapshot(current), {})
    if not differing:
        return current
    if current.retention_months < before["retention_months"]:
        retention.require_authority(current.organization, by)
    current.config_version += 1
    current.last_saved_by = by.label
    current.deployment_status = status_of(current, current.deployed_version)
    store(current)
    recorded = {change.path: [change.before, change.after] for change in differing}
    audit.record(
        "site.updated", by=by, target=current, organization=current.organization_id, changes=recorded
    )
    return current


def delete(*, site: Site, by: Actor) -> None:
    """Take the site away; its history and decisions stay. Its place in the tier's limit is free at once.

    For a day it can be restored; then servers are asked to remove its profile.
    """
    with transaction.atomic():
        current = Site.objects.select_for_update().get(pk=site.pk)
        if current.deleted_at is not None:
            return
        current.deleted_at = timezone.now()
        current.save(update_fields=["deleted_at", "updated_at"])
        removals.request(site=current)
        audit.record("site.deleted", by=by, target=current, organization=current.organization_id)


def restore(*, organization: Organization, pk: UUID, by: Actor) -> Site:
    """Bring back a site as it was when it was deleted, and record it.

    Raises NotFoundError when it is not among those that were deleted lately, DeniedError at the tier's limit,
    ConflictError when it is there already, or another site has its identifier or its place on the server.
    """
    wanted = sites.deleted_lately(organization).filter(pk=pk)
    with transaction.atomic():
        if wanted.exists():  # of what is not there nothing is told, not even that there is no room
            entitlements.require_room_for_a_site(organization, lambda: sites.visible_to(organization).count())
        site = wanted.select_for_update(of=["self"]).first()
        if site is None and sites.visible_to(organization).filter(pk=pk).exists():
            raise ConflictError("The site is not deleted.", code="SITE_NOT_DELETED")
        if site is None:
            raise NotFoundError("There is no such site.", code="SITE_UNKNOWN")
        if site.server is not None:
            require_room(site.server)
        site.deleted_at = None
        store(site, update_fields=["deleted_at", "updated_at"])
        removals.withdraw(site=site)
        audit.record("site.restored", by=by, target=site, organization=organization.pk)
    return site


def apply(site: Site, fields: Mapping[str, Any]) -> None:
    for name in SETTABLE:
        if name in fields:
            setattr(site, name, fields[name])
    if fields.get("industry_template", site.industry_template.name) != site.industry_template.name:
        site.industry_template = templates.named(str(fields["industry_template"]))
    if fields.get("server") and str(fields["server"]) != str(site.server_id):
        site.server = chosen_server(site.organization, fields["server"])


def chosen_server(organization: Organization, wanted: Any) -> Server | None:
    """The server that was asked for, if it may be used and has room; the placement's choice (or none)
    otherwise.
    """
    if not wanted:
        return servers.best_for(organization)
    pk = sites.as_uuid(str(wanted))
    server = servers.usable_by(organization).filter(pk=pk).first() if pk else None
    if server is None:
        raise NotFoundError("There is no such server.", code="SERVER_UNKNOWN")
    require_room(server)
    return server


def require_room(server: Server) -> None:
    if not servers.has_room(server):
        raise ConflictError(
            "The server %(server)s takes no further site.", code="SERVER_FULL", figures={"server": server}
        )


def check(site: Site) -> None:
    """Bring the documents into their stored form; raise for fields, documents or an identifier that cannot
    be saved.
    """
    try:
        documents = parse_documents(site.documents).as_dict()
    except ConfigurationError as error:
        raise configurations.as_invalid(error) from error
    for name, document in documents.items():
        setattr(site, name, document)
    configurations.of_site(site)
    try:
        site.clean_fields(exclude=["organization", "server", "industry_template", "deployed_version"])
    except ValidationError as error:
        raise invalid(error) from error
    if sites.as_uuid(site.site_identifier):
        raise InvalidError(
            "site_identifier: a UUID would be taken for another site's.", code="SITE_IDENTIFIER_IS_UUID"
        )
    twins = (
        sites.visible_to(site.organization).filter(site_identifier=site.site_identifier).exclude(pk=site.pk)
    )
    if twins.exists():
        raise identifier_taken(site)


def store(site: Site, **how: Any) -> None:
    """Save; the unique index decides between two who take one identifier at once."""
    try:
        with transaction.atomic():
            site.save(**how)
    except IntegrityError as error:
        if "site_identifier_once_per_organization" in str(error):
            raise identifier_taken(site) from error
        raise


def identifier_taken(site: Site) -> ConflictError:
    return ConflictError(
        "The identifier %(identifier)s is in use in this organisation.",
        code="SITE_IDENTIFIER_TAKEN",
        figures={"identifier": site.site_identifier},
    )


def invalid(error: ValidationError) -> InvalidError:
    errors = [
        {"path": path, "code": "INVALID", "message": " ".join(messages)}
        for path, messages in error.message_dict.items()
    ]
    first = errors[0]
    return InvalidError(
        "%(field)s: %(reason)s",
        figures={"field": first["path"], "reason": first["message"]},
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
    server = ours.pop("server", None)
    if server:  # none leaves the site where it is
        ours["server"] = str(server)
    differing = changes({name: theirs[name] for name in ours}, ours, {})
    return ConflictError(
        "%(person)s saved this site meanwhile. Look at the changes, then save again.",
        code="CONFIG_VERSION_STALE",
        figures={"person": current.last_saved_by or "Somebody"},
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


def status_of(site: Site, deployed: ConfigurationVersion | None) -> str:
    """`deployed` while what is saved is what the server has; `outdated` when not; `pending` before the first
    deployment.
    """
    if deployed is None:
        return SiteStatus.PENDING
    if site.server_id != site.deployed_server_id:
        return SiteStatus.OUTDATED
    try:
        saved_now = configurations.of_site(site)
    except InvalidError:  # the template was changed under the site's own settings
        return SiteStatus.OUTDATED
    # Two documents may translate to one digest; the plan tells of what differs in them.
    is_same = (saved_now.digest, saved_now.effective.documents) == (deployed.digest, deployed.documents)
    return SiteStatus.DEPLOYED if is_same else SiteStatus.OUTDATED
