"""Moderation servers, as an organisation may see them and as placement chooses among them."""

from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When

from accounts.models import Organization
from moderation.models import Server, ServerStatus
from moderation.models.servers import UNLIMITED
from musenest.common import tenancy
from musenest.common.errors import NotFoundError

HOLDS_SITES = Count("sites", filter=Q(sites__deleted_at=None))
ONLINE_FIRST = Case(When(status=ServerStatus.ONLINE, then=0), default=1)


def all_of_them() -> QuerySet[Server]:
    """For staff, in their scope."""
    return Server.objects.select_related("organization").order_by("name")


def get(pk: UUID) -> Server:
    """For staff, in their scope. Raises NotFoundError."""
    found = all_of_them().filter(pk=pk).first()
    if found is None:
        raise NotFoundError("There is no such server.", code="SERVER_UNKNOWN")
    return found


def usable_by(organization: Organization) -> QuerySet[Server]:
    """The shared servers and the organisation's own."""
    return Server.objects.filter(Q(organization=None) | Q(organization=organization), is_active=True)


def with_room_for(organization: Organization) -> QuerySet[Server]:
    """Servers that answered when they were checked and take another site; their own first, then online ones,
    then the emptiest. In staff's scope.
    """
    return (
        usable_by(organization)
        .annotate(site_count=HOLDS_SITES)
        .filter(Q(max_sites=UNLIMITED) | Q(max_sites__gt=F("site_count")))
        .filter(status__in=[ServerStatus.ONLINE, ServerStatus.DEGRADED])
        .order_by(F("organization").asc(nulls_last=True), ONLINE_FIRST, "site_count", "name")
    )


def best_for(organization: Organization) -> Server | None:
    """Where a new site goes; counts the sites of all organisations. In a transaction, as `has_room`."""
    with tenancy.staff():
        return next((server for server in with_room_for(organization) if has_room(server)), None)


def has_room(server: Server) -> bool:
    """Whether the server takes another site; counts the sites of all organisations.

    In a transaction, until whose end the server is locked: of many who ask at once exactly as many get
    through as there is room.
    """
    if server.max_sites == UNLIMITED:
        return True
    with tenancy.staff():
        locked = Server.objects.select_for_update().get(pk=server.pk)
        return locked.sites.filter(deleted_at=None).count() < locked.max_sites
