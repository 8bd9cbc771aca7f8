import re
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from tests.samples import Customer, customer, deployed, member, site

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).parents[3] / "docs" / "quickstart.md"


def programs_of(of: Customer, query: str = "") -> dict[str, str]:
    context = of.client.get(of.url(f"quick-start{query}")).context
    return {program.id: program.text for program in context["programs"]}


@pytest.mark.parametrize(("program", "language"), [("curl", "bash"), ("python", "python")])
def test_programs_are_those_of_the_document(acme: Customer, program: str, language: str) -> None:
    """The document's own test runs them; what the page shows must not drift away from it."""
    (block,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert programs_of(acme)[program] == block.strip()


def test_environment_names_the_own_address_and_site(acme: Customer) -> None:
    site(acme, "acme-draft")
    deployed(acme, "acme-family")
    text = programs_of(acme)["environment"]
    assert "MUSENEST_URL=http://127.0.0.1:3000" in text
    assert "MUSENEST_SITE=acme-family" in text  # the one that is deployed
    assert "MUSENEST_SITE=acme-draft" in programs_of(acme, "?site=acme-draft")["environment"]


def test_strangers_site_is_not_named(acme: Customer) -> None:
    borealis = customer("Borealis")
    site(borealis, "borealis-market")
    assert "borealis" not in programs_of(acme, "?site=borealis-market")["environment"]
    assert acme.client.get(borealis.url("quick-start")).status_code == 404


def test_page_without_a_site_leads_to_one(acme: Customer) -> None:
    page = member(acme, Role.VIEWER).get(acme.url("quick-start")).text
    assert "there is none yet" in page
    assert "Hold the picture unless the answer is 200 and approved" in page


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        site(acme, f"site-{number}")
    with django_assert_num_queries(4):  # session, person, membership, sites
        acme.client.get(acme.url("quick-start"))
