"""Callers of the endpoint in `things.py`."""

from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.request import Request
from rest_framework.test import APIClient

from accounts.domain import api_keys as key_format
from accounts.models import ApiKey, Organization, Person
from accounts.services import tokens
from musenest.common import tenancy
from tests import samples
from tests.musenest.common.api import things


def echo(request: Request) -> Any:
    return {"echo": request.data}


@pytest.fixture(autouse=True)
def behaviour() -> Iterator[type[things.Behaviour]]:
    things.Behaviour.calls = 0
    yield things.Behaviour
    things.Behaviour.act = staticmethod(echo)


@pytest.fixture
def organization(db: None) -> Organization:
    return samples.organization()


def client_of(person: Person) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.begin(person).access}")
    return client


def client_of_key(organization: Organization, *scopes: str) -> APIClient:
    text = key_format.generate("live")
    with tenancy.staff():
        ApiKey.objects.create(
            organization=organization,
            name="CI",
            scopes=list(scopes),
            digest=key_format.digest(text),
            last_four="abcd",
        )
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_X_API_KEY=text)
    return client


@pytest.fixture
def member(organization: Organization) -> APIClient:
    return client_of(samples.membership(organization, "member").person)


@pytest.fixture
def stranger(db: None) -> APIClient:
    return APIClient(raise_request_exception=False)
