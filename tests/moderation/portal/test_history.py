"""A site's history on its page: the newest deployments, and older ones when they are asked for."""

import re

import pytest

from accounts.models import Role
from moderation.models import Deployment, DeploymentStatus, Site
from moderation.services import deployments
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGE = "sites/acme-family"


def deploy(of: Customer, times: int, site: Site) -> None:
    """Each takes the place of the one before it; the last one waits."""
    with of.scope():
        for _ in range(times):
            deployments.request(site=site, by=of.owner.actor)


def told(text: str) -> list[int]:
    """The revisions, by the number in the text that each was given."""
    return [int(number) for number in re.findall(r"Said by (\d+)\.", text)]


def numbered(of: Customer) -> None:
    with of.scope():
        for deployment in Deployment.objects.all():
            Deployment.objects.filter(pk=deployment.pk).update(
                error_message=f"Said by {deployment.revision}."
            )


def made(of: Customer, times: int) -> Site:
    site = samples.site(of)
    deploy(of, times, site)
    with of.scope():
        samples.end(Deployment.objects.latest("revision"), DeploymentStatus.SUCCESSFUL)
    numbered(of)
    return site


def test_the_page_shows_ten_and_leads_on(acme: Customer) -> None:
    made(acme, 63)

    page = acme.client.get(acme.url(PAGE)).text
    assert told(page) == list(range(63, 53, -1))
    assert f'hx-get="{acme.url(PAGE)}/history?older=54"' in page
    assert '<input type="hidden" id="since" name="since" value="54">' in page

    second = acme.client.get(acme.url(f"{PAGE}/history?older=54"), headers=HTMX).text
    assert told(second) == list(range(53, 3, -1))
    assert f'hx-get="{acme.url(PAGE)}/history?older=4"' in second

    last = acme.client.get(acme.url(f"{PAGE}/history?older=4"), headers=HTMX).text
    assert told(last) == [3, 2, 1]
    assert "Show older" not in last


@pytest.mark.parametrize("times", [1, 10])
def test_where_nothing_is_older_nothing_leads_on(acme: Customer, times: int) -> None:
    made(acme, times)

    assert "Show older" not in acme.client.get(acme.url(PAGE)).text


def test_while_one_runs_what_was_the_last_one_stays_so(acme: Customer) -> None:
    """Somebody looks at the older ones meanwhile: none may fall between them and the newest."""
    site = made(acme, 12)
    deploy(acme, 2, site)
    numbered(acme)

    for answer in (
        acme.client.get(acme.url(f"{PAGE}/deployment?since=3"), headers=HTMX),
        acme.client.post(acme.url(f"{PAGE}/deploy"), {"since": "3"}, headers=HTMX),
    ):
        assert told(answer.text)[-12:] == list(range(14, 2, -1))
        assert "Show older" not in answer.text  # it stands on the page, outside of what is swapped
    first = acme.client.get(acme.url(f"{PAGE}/deployment?since="), headers=HTMX).text
    assert 'id="history" hx-swap-oob="true"' in first


@pytest.mark.parametrize("name", ["", "x", "-1", "1.5", "9" * 30])
def test_a_damaged_address_is_no_failure_of_ours(acme: Customer, name: str) -> None:
    made(acme, 1)

    for address in (f"{PAGE}/history?older={name}", f"{PAGE}/deployment?since={name}"):
        assert acme.client.get(acme.url(address), headers=HTMX).status_code == (400 if name else 200)


@pytest.mark.parametrize("name", ["9223372036854775807", "2147483648", "0"])
def test_a_number_that_no_deployment_has_finds_what_it_can(acme: Customer, name: str) -> None:
    made(acme, 2)

    found = acme.client.get(acme.url(f"{PAGE}/history?older={name}"), headers=HTMX)
    assert told(found.text) == ([] if name == "0" else [2, 1])
    assert acme.client.get(acme.url(f"{PAGE}/deployment?since={name}"), headers=HTMX).status_code == 200


def test_a_stranger_finds_no_history(acme: Customer, borealis: Customer) -> None:
    made(acme, 12)

    assert borealis.client.get(acme.url(f"{PAGE}/history?older=9")).status_code == 404
    assert borealis.client.get(borealis.url(f"{PAGE}/history?older=9")).status_code == 404
    assert told(samples.member(acme, Role.VIEWER).get(acme.url(f"{PAGE}/history?older=3")).text) == [
        2,
        1,
    ]


def test_an_older_page_takes_as_many_queries_for_one_as_for_three(acme: Customer) -> None:
    made(acme, 6)
    found = []
    for older in (2, 4):
        with api.counted() as statements:
            acme.client.get(acme.url(f"{PAGE}/history?older={older}"), headers=HTMX)
        found.append(len(statements))

    assert found[0] == found[1]
