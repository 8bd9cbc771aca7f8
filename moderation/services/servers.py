"""Registering, changing and checking moderation servers."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.services import audit
from moderation import clients
from moderation.domain import sentences
from moderation.models import Server, ServerStatus, Site
from moderation.selectors.sites import RESTORED_WITHIN
from moderation.services.sites import invalid
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError

ADAPTERS = tuple(clients.ADAPTERS)
SETTABLE = (
    "organization",
    "name",
    "adapter",
    "protocol",
    "ip_address",
    "port",
    "api_key",
    "region",
    "max_sites",
    "is_active",
)


def create(*, fields: Mapping[str, Any], by: Actor) -> Server:
    """Register a server, and record it (never its key). It is checked when somebody asks for it."""
    server = Server(**{name: fields[name] for name in SETTABLE if name in fields})
    with transaction.atomic():
        check_fields(server)
        server.save(force_insert=True)
        audit.record("server.created", by=by, target=server, organization=server.organization_id)
    return server


def update(*, server: Server, fields: Mapping[str, Any], by: Actor) -> Server:
    """Change a server, and record what changed; of the key only that it changed. An empty key keeps
    the old one. Raises ConflictError for an owner while there are sites of others on it.
    """
    with transaction.atomic():
        current = Server.objects.select_for_update().get(pk=server.pk)
        changed: dict[str, Any] = {}
        for name in SETTABLE:
            if (
                name not in fields
                or (name == "api_key" and not fields[name])
                or getattr(current, name) == fields[name]
            ):
                continue
            changed[name] = (
                "changed" if name == "api_key" else [str(getattr(current, name)), str(fields[name])]
            )
            setattr(current, name, fields[name])
        if changed:
            check_fields(current)
            refuse_sites_of_others(current)
            current.save()
            audit.record(
                "server.updated", by=by, target=current, organization=current.organization_id, changes=changed
            )
    return current


def delete(*, server: Server, by: Actor) -> None:
    """Remove a server that no site is on and that decides for none. Raises ConflictError while there are
    sites.
    """
    with transaction.atomic():
        current = Server.objects.select_for_update().get(pk=server.pk)
        if sites_on(current).filter(deleted_at=None).exists():
            raise ConflictError(
                "Sites are still on this server. Move them and deploy them there first.",
                code="SERVER_HAS_SITES",
            )
        audit.record("server.deleted", by=by, target=current, organization=current.organization_id)
        current.sites.update(server=None)
        current.delete()


def check(*, server: Server, by: Actor) -> Server:
    """Ask the server how it is and keep the answer: online, degraded (it answered, but not well) or
    offline, with the reason.

    The call happens outside any transaction.
    """
    try:
        health = clients.connect(adapter=server.adapter, url=server.url, api_key=server.api_key).health()
    except clients.ServerError as error:
        seen: dict[str, Any] = {
            "status": ServerStatus.OFFLINE,
            "last_error": error.message,
            "response_time_ms": None,
            "uptime_seconds": None,
        }
    else:
        seen = {
            "status": ServerStatus.ONLINE if health.is_healthy else ServerStatus.DEGRADED,
            "last_error": ""
            if health.is_healthy
            else "The server answered, but says that it is not healthy.",
            "response_time_ms": health.response_time_ms,
            "uptime_seconds": health.uptime_seconds,
            "capabilities": list(health.capabilities),
            "is_blip_available": health.is_blip_available,
            "version": health.version,
        }
    with transaction.atomic():
        Server.objects.filter(pk=server.pk).update(**seen, last_checked_at=timezone.now())
        audit.record(
            "server.checked",
            by=by,
            target=server,
            organization=server.organization_id,
            changes={"status": seen["status"]},
        )
    server.refresh_from_db()
    return server


def sites_on(server: Server) -> QuerySet[Site]:
    """Those that were put on it, and those for which it decides until they are deployed elsewhere; deleted
    ones, too.
    """
    return Site.objects.filter(Q(server=server) | Q(deployed_server=server))


def refuse_sites_of_others(server: Server) -> None:
    """An owner is the only one who finds a server: nothing would decide for the sites of others."""
    if server.is_shared:
        return
    of_others = sites_on(server).exclude(organization=server.organization_id)
    if of_others.exclude(deleted_at__lt=timezone.now() - RESTORED_WITHIN).exists():
        raise ConflictError(
            "Sites of other organisations are still on this server. Move them and deploy them there first.",
            code="SERVER_HAS_SITES",
        )


def check_fields(server: Server) -> None:
    try:
        server.clean_fields(exclude=["organization"])
        server.validate_unique()
        server.validate_constraints()
    except ValidationError as error:
        raise invalid(error) from error
    if server.adapter not in ADAPTERS:
        said = sentences.ADAPTER_UNKNOWN % {"adapter": server.adapter}
        raise invalid(ValidationError({"adapter": said}))
