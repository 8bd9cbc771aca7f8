import pytest
from django.test import Client
from pytest_django import Settings

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


@pytest.mark.parametrize(
    ("entry", "host"), [("[fd00::5]:5000", "FD00:0::5"), ("GPU-1.internal:5000", "gpu-1.internal")]
)
def test_the_environments_spelling_is_any_too(settings: Settings, db: None, entry: str, host: str) -> None:
    settings.EGRESS_ALLOW = [entry]

    assert is_allowed(host, 5000)
    assert not is_allowed(host, 500)


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


@pytest.mark.parametrize(
    ("typed", "called"), [("GPU-1.internal", "gpu-1.internal"), ("[FD00:0::5]", "fd00::5")]
)
def test_a_host_may_be_typed_in_any_spelling(staff: Client, typed: str, called: str) -> None:
    """A call hands over lower case, and IPv6 addresses without their brackets."""
    staff.post(ADD, VALUES | {"host": typed})

    assert is_allowed(called, 5000)
    assert not is_allowed(called, 5001)


def test_allowing_twice_is_told_at_the_form(staff: Client) -> None:
    staff.post(ADD, VALUES)

    answer = staff.post(ADD, VALUES)

    assert answer.status_code == 200
    assert "already exists" in answer.text
    assert len(actions()) == 1
