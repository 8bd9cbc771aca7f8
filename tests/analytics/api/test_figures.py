"""The endpoints of figures: whose they are, and that each costs the same however much there is."""

import pytest
from rest_framework.test import APIClient

from billing.services import usage
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api
from tests.samples.api import code, counted, data

pytestmark = pytest.mark.django_db

ORGANIZATION = "/api/analytics/organization"
OVERVIEW = "/api/analytics/overview"
BUSINESS = "/api/site-configuration/subscription/analytics"


@pytest.fixture
def acme() -> Customer:
    acme = samples.customer(tier="premium")
    use(acme)
    samples.decision(acme, samples.site(acme), "rejected")
    return acme


def use(of: Customer, count: int = 1) -> None:
    with of.scope():
        for _ in range(count):
            usage.record(
                organization=of.organization,
                usage_type="analysis",
                user=of.owner.pk,
                response_time_ms=40,
            )


def person(of: Customer) -> str:
    return f"/api/analytics/user/{of.owner.pk}"


def test_an_organization_reads_its_own_figures(acme: Customer) -> None:
    stranger = samples.customer("Borealis")
    use(stranger, 3)

    found = data(api.owner(acme).get(ORGANIZATION))

    assert found["total_ai_requests"] == 1
    assert found["usage_breakdown"] == [
        {"usage_type": "analysis", "total_requests": 1, "total_count": 1, "avg_response_time": 40.0}
    ]
    assert found["usage_by_day"][0]["on"] == found["decisions_by_day"][-1]["on"]
    assert found["decisions_by_day"][-1]["rejected"] == 1
    assert data(api.owner(stranger).get(ORGANIZATION))["decisions_by_day"][-1]["rejected"] == 0


def test_a_plan_without_analytics_is_told_which_one_has_them() -> None:
    free = samples.customer(tier="free")

    answer = api.error(api.owner(free).get(ORGANIZATION), 403)

    assert answer["details"]["upgrade_required"] == "premium"


def test_a_key_needs_the_scope(acme: Customer) -> None:
    assert code(api.with_key(acme, "sites:read").get(ORGANIZATION), 403) == "DENIED"
    assert data(api.with_key(acme, "analytics:read").get(ORGANIZATION))["total_ai_requests"] == 1


def test_a_person_reads_their_own_uses_and_staff_read_anybodys(acme: Customer) -> None:
    stranger = samples.customer("Borealis")

    assert data(api.owner(acme).get(person(acme)))["total_ai_requests"] == 1
    assert data(api.staff().get(person(acme)))["total_ai_requests"] == 1
    assert code(api.owner(stranger).get(person(acme)), 404) == "PERSON_UNKNOWN"
    assert code(api.staff().get(f"/api/analytics/user/{acme.organization.pk}"), 404) == "PERSON_UNKNOWN"
    assert code(api.with_key(acme, "analytics:read").get(person(acme)), 404) == "PERSON_UNKNOWN"
    assert code(api.anonymous().get(person(acme)), 401) == "NOT_SIGNED_IN"


@pytest.mark.parametrize("address", [OVERVIEW, BUSINESS])
def test_the_platforms_figures_are_for_staff(acme: Customer, address: str) -> None:
    use(samples.customer("Borealis", tier="free"), 2)

    found = data(api.staff().get(address))

    assert (found["total_ai_requests"], found["monthly_revenue"], found["mrr"]) == (3, "39.95", "0.00")
    assert {tier["tier_name"]: tier["subscriber_count"] for tier in found["revenue_by_tier"]} == {
        "free": 1,
        "basic": 0,
        "premium": 1,
        "enterprise": 0,
        "custom": 0,
    }
    assert api.owner(acme).get(address).status_code == 404
    assert api.with_key(acme, "analytics:read").get(address).status_code == 404


def test_the_overview_tells_of_decisions_and_customers(acme: Customer) -> None:
    found = data(api.staff().get(OVERVIEW))

    assert found["decisions_by_day"][-1]["rejected"] == 1
    assert found["customers"] == {
        "subscribers": 1,
        "paying": 1,
        "conversion_percent": 100.0,
        "near_limit": [],
    }


def test_fields_can_be_chosen(acme: Customer) -> None:
    assert data(api.staff().get(f"{OVERVIEW}?fields=mrr")) == {"mrr": "0.00"}


def test_figures_cost_the_same_for_one_use_and_for_many(acme: Customer) -> None:
    staff, owner = api.staff(), api.owner(acme)
    few = [cost(owner, ORGANIZATION), cost(owner, person(acme)), cost(staff, OVERVIEW), cost(staff, BUSINESS)]
    use(acme, 5)
    use(samples.customer("Borealis"), 5)
    many = [
        cost(owner, ORGANIZATION),
        cost(owner, person(acme)),
        cost(staff, OVERVIEW),
        cost(staff, BUSINESS),
    ]

    assert few == many
    assert max(few) <= 12


def cost(client: APIClient, address: str) -> int:
    with counted() as statements:
        assert client.get(address).status_code == 200
    return len(statements)


def test_no_scope_is_left_open(acme: Customer) -> None:
    api.owner(acme).get(person(acme))

    assert not tenancy.current().is_staff
