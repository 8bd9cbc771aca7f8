"""An organisation's own subscription and quota."""

import pytest

from accounts.models import Role
from billing.models import Subscription, SubscriptionStatus
from billing.services import usage
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

PATH, QUOTA = "/api/subscription", "/api/billing/quota"


@pytest.fixture
def stranger() -> Customer:
    """Another organisation, with a tier and uses of its own."""
    other = samples.customer("Borealis", tier="premium")
    with other.scope():
        usage.reserve(organization=other.organization, key="theirs")
    return other


def test_the_subscription_tells_tier_limits_and_quota(acme: Customer, stranger: Customer) -> None:
    with acme.scope():
        usage.reserve(organization=acme.organization, key="1")
        usage.reserve(organization=acme.organization, key="2")
    found = api.data(api.owner(acme).get(PATH))
    assert found["subscription_status"] == "active"
    assert found["is_serving"] is True
    assert (found["tier"]["tier_name"], found["tier"]["max_sites"]) == ("basic", 3)
    quota = found["quota"]
    assert (quota["used"], quota["limit"], quota["left"], quota["percent"]) == (2, 10_000, 9_998, 0)
    assert quota["month"].endswith("-01")
    assert api.data(api.owner(acme).get(QUOTA)) == quota


def test_fields_choose_among_the_outer_ones_only(acme: Customer) -> None:
    found = api.data(api.owner(acme).get(f"{PATH}?fields=tier,features"))
    assert set(found) == {"tier"}
    assert {"tier_name", "features", "max_sites"} <= set(found["tier"])


def test_a_subscription_without_limit_has_no_rest() -> None:
    quota = api.data(api.owner(samples.customer(tier="enterprise")).get(PATH))["quota"]
    assert (quota["limit"], quota["left"], quota["percent"]) == (-1, None, 0)


def test_a_suspended_subscription_is_shown_as_such(acme: Customer) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.SUSPENDED)
    found = api.data(api.owner(acme).get(PATH))
    assert (found["subscription_status"], found["is_serving"]) == ("suspended", False)


def test_an_ended_subscription_is_none(acme: Customer) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.CANCELLED)
    assert api.code(api.owner(acme).get(PATH), 403) == "SUBSCRIPTION_MISSING"


def test_who_may_see_it(acme: Customer, stranger: Customer) -> None:
    assert api.code(api.anonymous().get(PATH), 401) == "NOT_SIGNED_IN"
    denied = api.error(api.with_key(acme, "sites:read").get(PATH), 403)
    assert denied["details"] == {"allowed": False, "reason": "permission", "permission": "billing:read"}
    assert api.data(api.with_key(acme, "billing:read").get(PATH))
    assert api.data(api.with_key(acme, "billing:read", header="Authorization").get(PATH))
    assert api.data(api.with_key(acme, "billing:read", mode="test").get(PATH))
    assert api.data(api.member(acme, Role.VIEWER).get(PATH))


def test_a_person_chooses_among_organisations_and_never_a_foreign_one(
    acme: Customer, stranger: Customer
) -> None:
    client = api.owner(acme)
    own = client.get(PATH, headers={"X-Organization": acme.organization.slug})
    assert api.data(own)["tier"]["tier_name"] == "basic"
    assert (
        api.code(client.get(PATH, headers={"X-Organization": stranger.organization.slug}), 404) == "NOT_FOUND"
    )


def test_staff_without_an_organisation_are_told(acme: Customer) -> None:
    assert api.code(api.staff().get(PATH), 403) == "DENIED"
