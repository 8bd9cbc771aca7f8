"""Which pages of other sites may read an answer of the API."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests.samples import api

pytestmark = pytest.mark.django_db

THEIRS, OTHER = "https://app.customer.example", "https://evil.example"
QUESTION = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-api-key"}


@pytest.fixture
def allowed(settings: Settings) -> None:
    settings.CORS_ORIGINS = [THEIRS]


def named(answer: Any) -> set[str]:
    return {name for name in answer.headers if name.startswith("Access-Control-")}


@pytest.mark.parametrize("path", [api.TIERS, api.SITES, "/api/auth/login"])
def test_nobody_may_by_default(client: Client, path: str) -> None:
    assert not named(client.get(path, headers={"Origin": OTHER}))
    assert not named(client.options(path, headers={"Origin": OTHER, **QUESTION}))


@pytest.mark.usefixtures("allowed")
def test_a_named_origin_may_ask_and_read_but_not_with_cookies(client: Client) -> None:
    answer = client.options(api.SITES, headers={"Origin": THEIRS, **QUESTION})
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == THEIRS
    assert "X-API-Key" in answer["Access-Control-Allow-Headers"]
    assert "POST" in answer["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in answer

    read = client.get(api.SITES, headers={"Origin": THEIRS})
    assert (read.status_code, read["Access-Control-Allow-Origin"]) == (401, THEIRS)
    assert "RateLimit-Remaining" in read["Access-Control-Expose-Headers"]
    assert "Origin" in read["Vary"]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "origin", [OTHER, "null", f"{THEIRS}.evil.example", THEIRS.upper(), "http://app.customer.example"]
)
def test_an_origin_that_is_not_named_exactly_may_not(client: Client, origin: str) -> None:
    assert not named(client.get(api.TIERS, headers={"Origin": origin}))
    assert not named(client.options(api.TIERS, headers={"Origin": origin, **QUESTION}))


@pytest.mark.usefixtures("allowed")
def test_pages_are_nobodys_to_read(client: Client) -> None:
    assert not named(client.get("/login", headers={"Origin": THEIRS}))
