"""The API's description in the house's frame, and what the foot of every page leads to."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import samples

pytestmark = pytest.mark.django_db


def test_anybody_reads_the_description_in_our_frame() -> None:
    answer = Client().get("/api/docs")
    assert answer.status_code == 200
    for piece in (
        'class="public-bar"',
        'data-schema="/api/schema"',
        'href="/status"',
        "swagger-ui-bundle",
        "Sign in",
    ):
        assert piece in answer.text
    assert "quick-start" not in answer.text
    assert "<script>" not in answer.text
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'; style-src 'self' 'unsafe-inline'" in policy


def test_who_is_signed_in_finds_back_and_the_own_quick_start() -> None:
    acme, borealis = samples.customer("Acme"), samples.customer("Borealis")
    text = acme.client.get("/api/docs").text
    assert f'href="{acme.url("quick-start")}"' in text
    assert "To your overview" in text
    assert borealis.organization.slug not in text


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_programs_credential_opens_the_page_as_any_other(header: str) -> None:
    answer = Client(headers={header: "x"}).get("/api/docs")

    assert answer.status_code == 200
    assert 'data-schema="/api/schema"' in answer.text
    assert "RateLimit-Limit" in answer


@pytest.mark.parametrize("path", ["/", "/pricing", "/login", "/api/docs"])
def test_the_foot_leads_to_the_operators_pages_where_there_are_some(path: str, settings: Settings) -> None:
    foot = Client().get(path).text.split('<footer class="foot">')[1]
    assert 'href="/status"' in foot
    assert "Terms" not in foot
    assert "Privacy" not in foot
    settings.TERMS_URL = "https://operator.test/terms"
    settings.PRIVACY_URL = 'https://operator.test/privacy?a="b"'
    foot = Client().get(path).text.split('<footer class="foot">')[1]
    assert 'href="https://operator.test/terms">Terms</a>' in foot
    assert 'href="https://operator.test/privacy?a=&quot;b&quot;">Privacy</a>' in foot
