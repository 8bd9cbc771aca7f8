"""Is this in my plan?"""

import pytest

from billing.models import Subscription, SubscriptionStatus
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

PATH = "/api/features/check"


def test_what_the_plan_has(acme: Customer) -> None:
    samples.customer("Borealis", tier="enterprise")
    found = api.data(api.owner(acme).get(f"{PATH}/api_keys"))
    assert found == {
        "has_access": True,
        "reason": "",
        "upgrade_required": None,
        "upgrade_url": None,
        "is_coming": False,
    }
    assert api.data(api.owner(acme).get(f"{PATH}/sites?fields=has_access")) == {"has_access": True}
    assert api.data(api.owner(acme).get(f"{PATH}/monthly_requests"))["has_access"] is True


def test_what_it_lacks_names_the_cheapest_that_has_it(acme: Customer) -> None:
    samples.customer("Borealis", tier="enterprise")
    found = api.data(api.owner(acme).get(f"{PATH}/batch_operations"))
    assert found == {
        "has_access": False,
        "reason": "batch_operations is not in Basic",
        "upgrade_required": "enterprise",
        "upgrade_url": "/billing",
        "is_coming": True,
    }


def test_what_no_plan_does_yet_says_so(acme: Customer) -> None:
    samples.customer("Borealis", tier="enterprise")
    found = api.data(api.owner(acme).get(f"{PATH}/webhooks"))
    assert (found["has_access"], found["is_coming"]) == (True, True)


def test_a_paused_subscription_allows_nothing(acme: Customer) -> None:
    with acme.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.PAUSED)
    found = api.data(api.owner(acme).get(f"{PATH}/webhooks"))
    assert (found["has_access"], found["reason"]) == (False, "paused")


@pytest.mark.parametrize("name", ["mind_reading", "features", "%00", "x" * 500])
def test_what_is_no_feature(acme: Customer, name: str) -> None:
    assert api.owner(acme).get(f"{PATH}/{name}").status_code == 404


def test_who_may_ask(acme: Customer) -> None:
    assert api.code(api.anonymous().get(f"{PATH}/webhooks"), 401) == "NOT_SIGNED_IN"
    assert api.data(api.with_key(acme, "analyze").get(f"{PATH}/webhooks"))["has_access"] is True
    assert api.data(api.with_key(acme, "analyze", mode="test").get(f"{PATH}/webhooks"))["has_access"] is True
    assert api.code(api.staff().get(f"{PATH}/webhooks"), 403) == "NO_ORGANIZATION"
