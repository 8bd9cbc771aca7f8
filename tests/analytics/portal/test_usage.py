import pytest
from pytest_django import DjangoAssertNumQueries

from billing.models import UsageRecord
from tests.samples import Customer, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return customer("Acme")


def use(of: Customer, usage_type: str = "analysis", count: int = 3, **fields: int) -> None:
    with of.scope():
        UsageRecord.objects.create(
            organization_id=of.organization.pk, usage_type=usage_type, request_count=count, **fields
        )


def test_usage_of_nothing_says_what_will_stand_here(acme: Customer) -> None:
    assert "Nothing used yet" in acme.client.get(acme.url("usage")).text


def test_usage_is_by_type_and_day_and_of_the_own_organisation(acme: Customer) -> None:
    borealis = customer("Borealis")
    use(borealis, count=5000)
    use(acme, count=1200, response_time_ms=40)
    use(acme, response_time_ms=60)
    use(acme, "of_somebody_else", 2)
    response = acme.client.get(acme.url("usage"))
    for words in ("Analysed pictures", "1,203", "50 ms", "Of somebody else", "not timed", "1,205 uses"):
        assert words in response.text
    assert "5,000" not in response.text


@pytest.mark.parametrize("count", [1, 3])
def test_usage_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        use(acme, f"type_{number}")
    with django_assert_num_queries(7):  # session, person, membership; subscription, counter; days, types
        acme.client.get(acme.url("usage"))


def test_stranger_finds_no_usage(acme: Customer) -> None:
    use(acme, count=77)
    response = customer("Borealis").client.get(acme.url("usage"))
    assert response.status_code == 404
    assert "77" not in response.text
