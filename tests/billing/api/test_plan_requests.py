"""Asking staff for another plan."""

import pytest

from accounts.models import AuditEvent, Notification, Person, Role
from billing.services import subscriptions
from musenest.common import rates, tenancy
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

PATH = "/api/subscription/request"
BODY = {"tier_name": "premium", "message": "We grow."}


@pytest.fixture
def operator() -> Person:
    return samples.staff_person()


@pytest.fixture
def stranger() -> Customer:
    """Another organisation, which has asked for a plan."""
    other = samples.customer("Borealis", tier="free")
    api.data(api.owner(other).post(PATH, {"tier_name": "enterprise"}), 201)
    return other


def test_asking_is_recorded_shown_and_told_to_staff(
    acme: Customer, stranger: Customer, operator: Person
) -> None:
    client = api.owner(acme)
    assert api.code(client.get(PATH), 404) == "PLAN_NOT_ASKED"

    asked = api.data(client.post(PATH, BODY), 201)

    assert asked | {"asked_at": ""} == {
        "tier_name": "premium",
        "display_name": "Premium",
        "message": "We grow.",
        "asked_by": acme.owner.email,
        "asked_at": "",
    }
    assert api.data(client.get(PATH)) == asked
    with tenancy.staff():
        event = AuditEvent.objects.get(action="plan.requested", organization_id=acme.organization.pk)
        mail = Notification.objects.get(template="plan_requested")
    assert event.changes == {"tier": "premium", "display_name": "Premium", "message": "We grow."}
    assert (mail.person_id, mail.context["organization"]) == (operator.pk, acme.organization.name)


def test_asking_twice_is_one_wish_until_the_change_answers_it(acme: Customer) -> None:
    client = api.owner(acme)
    client.post(PATH, BODY)

    assert api.code(client.post(PATH, BODY), 409) == "PLAN_ASKED"
    subscriptions.change_tier(organization=acme.organization, tier_name="premium", by=SYSTEM)

    assert api.code(client.get(PATH), 404) == "PLAN_NOT_ASKED"


@pytest.mark.usefixtures("limited")
def test_changing_ones_mind_writes_few_letters(acme: Customer, stranger: Customer, operator: Person) -> None:
    client, most = api.owner(acme), rates.LETTERS.amount
    wishes = [{"tier_name": ("premium", "enterprise")[number % 2]} for number in range(most + 1)]

    *answers, refused = [client.post(PATH, wish) for wish in wishes]

    assert [answer.status_code for answer in answers] == [201] * most
    assert api.code(refused, 429) == "PLANS_LIMIT"
    assert 3500 < int(refused["Retry-After"]) <= 3600
    with tenancy.staff():
        assert Notification.objects.filter(template="plan_requested", person=operator).count() == most
    assert api.data(client.get(PATH))["tier_name"] == "premium"
    assert api.owner(stranger).post(PATH, BODY).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"tier_name": "gold"}, 404, "TIER_UNKNOWN"),
        ({"tier_name": "x" * 41}, 422, "VALIDATION_ERROR"),
        ({"tier_name": ""}, 422, "VALIDATION_ERROR"),
        ({"message": "x" * 1001}, 422, "VALIDATION_ERROR"),
        ({"organization": "borealis"}, 422, "UNKNOWN_FIELD"),
    ],
)
def test_what_is_not_offered_changes_nothing(
    acme: Customer, wrong: dict[str, str], status: int, code: str
) -> None:
    client = api.owner(acme)

    assert api.code(client.post(PATH, BODY | wrong), status) == code
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.MEMBER, 403), (Role.REVIEWER, 403), (Role.ADMIN, 201)]
)
def test_who_may_ask(acme: Customer, role: Role, status: int) -> None:
    client = api.member(acme, role)

    assert client.get(PATH).status_code == 404
    assert client.post(PATH, BODY).status_code == status


def test_a_key_sees_what_was_asked_and_asks_nothing(acme: Customer) -> None:
    api.owner(acme).post(PATH, BODY)
    client = api.with_key(acme, "billing:read", "sites:write")

    assert api.data(client.get(PATH))["tier_name"] == "premium"
    denied = api.error(client.post(PATH, {"tier_name": "enterprise"}), 403)
    assert denied["details"]["permission"] == "organization:write"
    assert api.with_key(acme, "sites:read").get(PATH).status_code == 403


def test_a_stranger_finds_only_its_own(acme: Customer, stranger: Customer) -> None:
    api.owner(acme).post(PATH, BODY)

    assert api.data(api.owner(stranger).get(PATH))["tier_name"] == "enterprise"
    assert api.code(api.anonymous().post(PATH, BODY), 401) == "NOT_SIGNED_IN"
    client = api.owner(stranger)
    named = {"X-Organization": acme.organization.slug}
    assert client.get(PATH, headers=named).status_code == 404
    assert client.post(PATH, BODY, headers=named).status_code == 404
