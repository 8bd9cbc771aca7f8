from django.test import Client

from accounts.models import AuditEvent
from musenest.common import tenancy
from musenest.common.egress.models import EgressAllowance, is_allowed

ADD = "/admin/common/egressallowance/add/"
LIST = "/admin/common/egressallowance/"
VALUES = {"host": "10.1.2.3", "port": 5000, "reason": "Our own machine."}


def actions() -> list[str]:
    with tenancy.staff():
        found = AuditEvent.objects.filter(action__startswith="egress.").order_by("id")
        return [f"{event.action} {event.target_label} by {event.actor_label}" for event in found]


def test_allowing_and_withdrawing_count_at_once_and_are_recorded(staff: Client) -> None:
    staff.post(ADD, VALUES)
    assert is_allowed("10.1.2.3", 5000)

    with tenancy.staff():
        allowance = EgressAllowance.objects.get()
    staff.post(LIST, {"action": "delete_selected", "_selected_action": [str(allowance.pk)], "post": "yes"})

    assert not is_allowed("10.1.2.3", 5000)
    assert actions() == [
        "egress.allowed 10.1.2.3:5000 by staff@musenest.example",
        "egress.withdrawn 10.1.2.3:5000 by staff@musenest.example",
    ]


def test_allowing_twice_is_told_at_the_form(staff: Client) -> None:
    staff.post(ADD, VALUES)

    answer = staff.post(ADD, VALUES)

    assert answer.status_code == 200
    assert "already exists" in answer.text
    assert len(actions()) == 1
