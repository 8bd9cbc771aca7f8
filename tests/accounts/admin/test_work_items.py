"""Work in the admin: the last error, replaying and cancelling, and what neither can do."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Notification
from accounts.services import work_items
from musenest.common import tenancy, work
from musenest.common.actors import SYSTEM
from tests import samples

LIST = "/admin/accounts/notification/"


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notifications are work of a kind: until somebody registers them, a test does."""
    if any(known.model is Notification for known in work.kinds.values()):
        return
    known = work.Kind("test.notification", Notification, run=print)
    monkeypatch.setitem(work.kinds, known.name, known)


@pytest.fixture
def parked(staff: Client) -> Notification:
    samples.world("First")
    with tenancy.staff():
        item = Notification.objects.get()
        item.state, item.last_error, item.crashes = (
            work.WorkState.PARKED,
            "The worker was lost three times.",
            3,
        )
        item.save()
    return item


def state() -> str:
    with tenancy.staff():
        return Notification.objects.get().state


def test_parked_work_shows_its_reason_and_the_way_out(staff: Client, parked: Notification) -> None:
    page = staff.get(reverse("admin:accounts_notification_change", args=[parked.pk])).text

    assert "The worker was lost three times. Remove the cause, then replay it." in page
    assert "The worker was lost three times." in staff.get(LIST).text
    assert "The worker was lost three times." in staff.get(reverse("admin:index")).text


def test_replaying_lets_it_run_again_and_records_who_did(staff: Client, parked: Notification) -> None:
    answer = staff.post(LIST, {"action": "replay_chosen", "_selected_action": [str(parked.pk)]}, follow=True)

    assert "Queued again: " in answer.text
    assert state() == work.WorkState.WAITING
    with tenancy.staff():
        event = AuditEvent.objects.get(action="work.replayed")
    assert (event.actor_label, event.changes) == ("staff@musenest.example", {"state": ["parked", "waiting"]})


def test_cancelling_what_is_parked_is_refused_with_the_reason(staff: Client, parked: Notification) -> None:
    answer = staff.post(
        reverse("admin:accounts_notification_cancel_one", args=[parked.pk]), {"_form_submitted": "True"}
    )

    shown = staff.get(answer.headers["HX-Redirect"]).text
    assert "This has begun or ended and cannot be cancelled any more." in shown
    assert state() == work.WorkState.PARKED


def test_cancelling_what_waits_ends_it(staff: Client, parked: Notification) -> None:
    with tenancy.staff():
        work_items.replay(item=parked, by=SYSTEM)

    staff.post(LIST, {"action": "cancel_chosen", "_selected_action": [str(parked.pk)]})

    assert state() == work.WorkState.CANCELLED
