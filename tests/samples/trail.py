from accounts.models import AuditEvent
from musenest.common import tenancy
from tests.samples.people import MAKER


def events() -> list[AuditEvent]:
    """What the trail holds, oldest first, without the making of samples."""
    made = AuditEvent.objects.filter(actor_kind=MAKER.kind, actor_label=MAKER.label)
    with tenancy.staff():
        return list(AuditEvent.objects.exclude(pk__in=made.values("pk")).order_by("id"))


def recorded() -> list[str]:
    """The actions of `events`."""
    return [event.action for event in events()]
