import pytest
from django.test import Client

from accounts.models import AuditEvent, Notification, Person, Role
from accounts.services import people
from billing.services import subscriptions
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.samples import Customer, customer, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return customer(tier="free")


@pytest.fixture
def staff() -> Person:
    return people.create(email="staff@musenest.test", password="p" * 20, by=SYSTEM, is_staff=True)


def ask(client: Client, of: Customer, tier: str = "premium", message: str = "We grow.") -> int:
    return client.post(of.url("plan/ask"), {"tier": tier, "message": message}).status_code


def test_plan_shows_what_there_is(acme: Customer) -> None:
    text = acme.client.get(acme.url("plan")).text
    assert "of 1,000" in text
    assert "of 1</small>" in text
    assert "Ask for Premium" in text
    assert "Ask for Free" not in text
    assert "Coming, not there yet: Real-time monitoring, Resilient deployment." in text


def test_asking_is_recorded_and_told_to_staff(acme: Customer, staff: Person) -> None:
    assert ask(acme.client, acme) == 302
    with tenancy.staff():
        event = AuditEvent.objects.get(action="plan.requested")
        assert event.organization_id == acme.organization.pk
        assert event.changes == {"tier": "premium", "display_name": "Premium", "message": "We grow."}
        mail = Notification.objects.get(template="plan_requested")
    assert mail.person_id == staff.pk
    assert mail.context["organization"] == "Acme"
    text = acme.client.get(acme.url("plan")).text
    assert "Premium was asked for" in text
    assert "Ask for Premium" not in text


def test_asking_twice_is_one_wish(acme: Customer, staff: Person) -> None:
    assert [ask(acme.client, acme), ask(acme.client, acme)] == [302, 409]
    with tenancy.staff():
        assert Notification.objects.filter(template="plan_requested").count() == 1


def test_a_wish_is_answered_by_the_change(acme: Customer) -> None:
    ask(acme.client, acme)
    subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)
    text = acme.client.get(acme.url("plan")).text
    assert "was asked for" not in text
    assert "of 100,000" in text
    assert ask(acme.client, acme, "enterprise") == 302


@pytest.mark.parametrize(("tier", "status"), [("gold", 404), ("", 422), ("no such", 422)])
def test_asking_for_what_is_not_offered_changes_nothing(acme: Customer, tier: str, status: int) -> None:
    assert ask(acme.client, acme, tier) == status
    with tenancy.staff():
        assert not AuditEvent.objects.filter(action="plan.requested").exists()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MEMBER, 403), (Role.REVIEWER, 403), (Role.ADMIN, 302)]
)
def test_who_may_ask(acme: Customer, role: str, status: int) -> None:
    client = member(acme, role)
    assert client.get(acme.url("plan")).status_code == 200
    assert ask(client, acme) == status


def test_stranger_finds_no_plan(acme: Customer) -> None:
    borealis = customer("Borealis")
    ask(acme.client, acme)
    assert borealis.client.get(acme.url("plan")).status_code == 404
    assert ask(borealis.client, acme) == 404
    assert "was asked for" not in borealis.client.get(borealis.url("plan")).text
