"""A person's subscriptions: to themselves and to staff; to others the person is not there."""

import pytest

from accounts.models import Role
from accounts.services import organizations, people
from billing.models import Subscription, SubscriptionStatus
from billing.services import subscriptions
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import PASSWORD, Customer, api

pytestmark = pytest.mark.django_db

NOBODY = "00000000-0000-0000-0000-000000000000"


def status(person: object) -> str:
    return f"/api/site-configuration/subscription/status/{person}"


def history(person: object) -> str:
    return f"/api/users/{person}/subscriptions"


@pytest.fixture
def stranger() -> Customer:
    return samples.customer("Borealis", tier="premium")


def test_the_status_to_oneself_and_to_staff(acme: Customer, stranger: Customer) -> None:
    for client in (api.owner(acme), api.staff()):
        found = api.data(client.get(status(acme.owner.pk)))
        assert (found["organization"], found["tier"]["tier_name"]) == (acme.organization.slug, "basic")
        assert (found["subscription_status"], found["quota"]["limit"]) == ("active", 10_000)


def test_the_status_is_of_the_organisation_one_speaks_for(acme: Customer) -> None:
    second = organizations.create(name="Second", owner=acme.owner, by=SYSTEM)
    found = api.owner(acme).get(status(acme.owner.pk), headers={"X-Organization": second.slug})
    assert api.data(found)["tier"]["tier_name"] == "free"


def test_every_subscription_of_every_organisation_of_ones_own(acme: Customer, stranger: Customer) -> None:
    second = organizations.create(name="Second", owner=acme.owner, by=SYSTEM)
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.EXPIRED)
        subscriptions.begin(organization=acme.organization, tier_name="premium", by=SYSTEM)
    for client in (api.owner(acme), api.staff()):
        found = api.data(client.get(history(acme.owner.pk)))["results"]
        assert [(row["organization"], row["tier"]["tier_name"]) for row in found] == [
            (acme.organization.slug, "premium"),
            (second.slug, "free"),
            (acme.organization.slug, "basic"),
        ]
        assert [row["subscription_status"] for row in found] == ["active", "active", "expired"]


@pytest.mark.parametrize("path", [status, history])
def test_to_others_the_person_is_not_there(acme: Customer, stranger: Customer, path: object) -> None:
    assert callable(path)
    asked = path(acme.owner.pk)
    assert api.code(api.anonymous().get(asked), 401) == "NOT_SIGNED_IN"
    clients = [
        api.owner(stranger),
        api.member(acme, Role.ADMIN),
        api.with_key(acme, "billing:read"),
        api.with_key(stranger, "billing:read", mode="test"),
    ]
    for client in clients:
        assert api.code(client.get(asked), 404) == "PERSON_UNKNOWN"
        assert api.code(client.get(path(NOBODY)), 404) == "PERSON_UNKNOWN"
    assert api.code(api.staff().get(path(NOBODY)), 404) == "PERSON_UNKNOWN"
    assert api.owner(acme).get(path("me")).status_code == 404


def test_a_person_of_no_organisation() -> None:
    person = people.create(email="lonely@people.test", password=PASSWORD, by=SYSTEM)
    client = api.program_of(person)
    assert api.code(client.get(status(person.pk)), 403) == "NO_ORGANIZATION"
    assert api.data(client.get(history(person.pk)))["results"] == []
    assert api.code(api.staff().get(status(person.pk)), 404) == "PERSON_UNKNOWN"


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_as_many_queries_for_one_as_for_three(acme: Customer, many: int) -> None:
    for number in range(many - 1):
        organizations.create(name=f"Further {number}", owner=acme.owner, by=SYSTEM)
    client = api.owner(acme)
    with api.counted() as statements:
        assert len(api.data(client.get(history(acme.owner.pk)))["results"]) == many
    assert sum("user_subscriptions" in statement for statement in statements) == 1
