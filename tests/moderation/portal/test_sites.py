import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role
from moderation.models import DeploymentStatus
from moderation.services import deployments
from moderation.services import sites as saving
from tests.moderation.portal.saving import fresh
from tests.samples import Customer, customer, deployed, end, member, site

pytestmark = pytest.mark.django_db
PILL = re.compile(r'<span class="pill [^"]*">(?:<svg.*?</svg>)?\s*([^<]+)</span>', re.DOTALL)


def pills(page: str) -> list[str]:
    """The words of the states that a page shows."""
    return PILL.findall(page)


def test_index_of_nothing_offers_the_first_site(acme: Customer) -> None:
    assert "Make the first site" in acme.client.get(acme.url("sites")).text


def test_index_lists_own_sites_only(acme: Customer, borealis: Customer) -> None:
    site(acme, "acme-family")
    site(borealis, "borealis-market")
    response = acme.client.get(acme.url("sites"))
    assert "acme-family" in response.text
    assert "borealis-market" not in response.text


def test_index_by_state(acme: Customer) -> None:
    deployed(acme, "acme-family")
    site(acme, "acme-draft")
    response = acme.client.get(acme.url("sites?state=deployed"))
    assert [found.site_identifier for found in response.context["sites"]] == ["acme-family"]
    assert "No site is in this state" in acme.client.get(acme.url("sites?state=failed")).text


def test_index_tells_what_was_never_deployed_from_what_is_being_deployed(acme: Customer) -> None:
    made = site(acme, "acme-draft")
    assert pills(acme.client.get(acme.url("sites")).text) == ["Not deployed"]
    assert pills(acme.client.get(acme.url("sites/acme-draft")).text) == ["Not deployed"]
    with acme.scope():
        deployments.request(site=made, by=acme.owner.actor)
    for page in ("sites", "sites/acme-draft", ""):
        assert pills(acme.client.get(acme.url(page)).text) == ["Deploying"]


def test_page_says_that_a_site_cannot_be_deployed(acme: Customer) -> None:
    site(acme, "acme-adult", "adult_18")
    assert pills(acme.client.get(acme.url("sites/acme-adult")).text) == ["Blocked"]


@pytest.mark.parametrize("count", [1, 3])
def test_index_takes_the_same_queries_for_any_number(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        deployed(acme, f"site-{number}")
    with django_assert_num_queries(5):  # session, person, membership, sites, deleted ones
        acme.client.get(acme.url("sites"))


def test_create_makes_a_site_and_leads_to_it(acme: Customer) -> None:
    assert "Marketplace" in acme.client.get(acme.url("new-site")).text
    form = {"site_name": "Shop", "site_identifier": "shop.acme.example", "industry_template": "marketplace"}
    response = acme.client.post(acme.url("new-site"), form)
    assert response.headers["Location"] == acme.url("sites/shop.acme.example")
    assert acme.client.get(response.headers["Location"]).status_code == 200


def test_site_may_be_called_new(acme: Customer) -> None:
    form = {"site_name": "New", "site_identifier": "new", "industry_template": "marketplace"}
    response = acme.client.post(acme.url("new-site"), form, follow=True)
    assert response.context["site"].site_identifier == "new"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"site_name": ""}, "site_name"),
        ({"site_identifier": "not a name"}, "site_identifier"),
        ({"site_identifier": "acme-family"}, "site_identifier"),
        ({"industry_template": "nothing"}, "industry_template"),
        ({"industry_template": ""}, "industry_template"),
    ],
)
def test_create_says_what_is_wrong_at_its_field(acme: Customer, changed: dict[str, str], field: str) -> None:
    site(acme, "acme-family")
    form = {"site_name": "Shop", "site_identifier": "shop", "industry_template": "marketplace"} | changed
    response = acme.client.post(acme.url("new-site"), form)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_create_beyond_the_tier_is_explained() -> None:
    small = customer("Small", tier="free")
    site(small, "one")
    page = small.client.get(small.url("new-site")).text
    assert "You have 1 of 1 sites." in page
    assert f'href="{small.url("plan")}">See the plans' in page
    assert '<form method="post" class="stack"' not in page
    form = {"site_name": "Two", "site_identifier": "two", "industry_template": "marketplace"}
    response = small.client.post(small.url("new-site"), form)
    assert response.status_code == 422
    assert "Maximum sites exceeded" in response.text


def test_page_shows_the_settings_and_the_plan(acme: Customer) -> None:
    made = site(acme)
    response = acme.client.get(acme.url(f"sites/{made.site_identifier}"))
    assert "Deploy for the first time" in response.text
    assert response.context["form"].detection.value == 0.25
    assert "Try a picture</a>" not in response.text.split("<main")[1]


def test_delete_needs_the_name(acme: Customer) -> None:
    site(acme)
    wrong = acme.client.post(acme.url("sites/acme-family/delete"), {"name": "acme"})
    assert wrong.status_code == 422
    assert "Type acme-family to delete it. Nothing was deleted." in wrong.text
    assert '<dialog class="dialog" id="delete" aria-labelledby="delete-title" open>' in wrong.text
    assert acme.client.get(acme.url("sites/acme-family")).status_code == 200
    response = acme.client.post(acme.url("sites/acme-family/delete"), {"name": "acme-family"})
    assert response.headers["Location"].startswith(acme.url("sites?removed="))
    assert acme.client.get(acme.url("sites/acme-family")).status_code == 404


def test_failed_deployment_shows_its_reason_and_a_retry(acme: Customer) -> None:
    made = deployed(acme)
    with acme.scope():
        saving.update(site=made, fields={"nudenet_config": {"detection_threshold": 0.4}}, by=acme.owner.actor)
        failing = deployments.request(site=made, by=acme.owner.actor)
        end(failing, DeploymentStatus.FAILED, "The server did not answer within 5 s.")
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert "Deployment 2 failed" in text
    assert "The server did not answer within 5 s." in text
    assert "Try again: deploy 1 change" in text


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_any_history(
    acme: Customer, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = deployed(acme)
    with acme.scope():
        for _ in range(count - 1):
            end(deployments.request(site=made, by=acme.owner.actor), DeploymentStatus.SUCCESSFUL)
    # session, person, membership; site, template for the form, servers and templates to choose from,
    # history, template for the plan, tier
    with django_assert_num_queries(10):
        acme.client.get(acme.url("sites/acme-family"))


def test_adult_site_asks_its_owner_for_the_attestation(acme: Customer) -> None:
    site(acme, "acme-adult", "adult_18")
    address = acme.url("sites/acme-adult")
    page = acme.client.get(address).text
    assert "at least 18 years old" in page
    assert '<input type="hidden" name="wording_version" value="1">' in page
    assert "/attest" not in page.split("<dialog")[0], "it is asked first"
    admin = member(acme, Role.ADMIN)
    assert "at least 18 years old" not in admin.get(address).text
    assert admin.post(f"{address}/attest").status_code == 403
    assert acme.client.post(f"{address}/attest").status_code == 409, "nothing was read"
    response = acme.client.post(f"{address}/attest", {"wording_version": "1"}, follow=True)
    assert "Stated, and recorded" in response.text
    assert f"Age and consent records: stated by {acme.owner.email}" in response.text
    assert 'id="attest"' not in response.text
    assert [conflict.code for conflict in response.context["plan"].conflicts] == ["NEEDS_CAPTIONS"]
    assert "Ask the operator to switch it on." in response.text


def test_viewer_of_nothing_is_offered_nothing(acme: Customer) -> None:
    viewer = member(acme, Role.VIEWER)
    for page in ("", "sites", "decisions"):
        text = viewer.get(acme.url(page)).text
        assert acme.url("new-site") not in text
        assert acme.url("try") not in text


GET, POST = "get", "post"
PAGES = [
    (GET, ""),
    (GET, "sites"),
    (GET, "new-site"),
    (POST, "new-site"),
    (GET, "sites/acme-family"),
    (POST, "sites/acme-family"),
    (POST, "sites/acme-family/preview"),
    (POST, "sites/acme-family/deploy"),
    (GET, "sites/acme-family/deployment"),
    (POST, "sites/acme-family/attest"),
    (POST, "sites/acme-family/delete"),
    (GET, "sites/acme-family/try"),
    (POST, "sites/acme-family/try"),
    (GET, "try"),
    (GET, "decisions"),
]


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_stranger_finds_nothing(acme: Customer, borealis: Customer, method: str, page: str) -> None:
    made = deployed(acme)
    response = getattr(borealis.client, method)(acme.url(page), {"name": "acme-family"})
    assert response.status_code == 404
    assert made.site_name not in response.text
    # Nor under their own organisation.
    if "acme-family" in page:
        assert getattr(borealis.client, method)(borealis.url(page)).status_code == 404
    assert fresh(acme, made).deleted_at is None


@pytest.mark.parametrize(("method", "page"), PAGES)
def test_somebody_signed_out_is_asked_to_sign_in(acme: Customer, method: str, page: str) -> None:
    response = getattr(Client(), method)(acme.url(page))
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/login?next=")
