"""A person whose address is not verified lets nobody in by the API either."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import ApiKey, Invitation, Membership, Notification, Role
from accounts.services import people
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, api

pytestmark = pytest.mark.django_db

REGISTRATION = {"email": "anna@people.test", "password": PASSWORD, "organization": "Acme"}
KEY = {"name": "Shop", "scopes": ["analyze"], "mode": "test"}
CODE = "ADDRESS_NOT_VERIFIED"


@pytest.fixture
def anna() -> APIClient:
    found = api.data(api.anonymous().post("/api/auth/register", REGISTRATION), 201)
    return APIClient(headers={"Authorization": f"Bearer {found['access']}"})


def open_the_link() -> None:
    with tenancy.staff():
        secrets = Notification.objects.get(template="verify_email").secrets
    assert Client().post(urlsplit(json.loads(secrets)["link"]).path).status_code == 302


def transfer(client: APIClient) -> Any:
    with tenancy.staff():
        membership = Membership.objects.select_related("organization").get(person__email="anna@people.test")
    heir = samples.membership(membership.organization, Role.ADMIN)
    return client.post("/api/organizations/acme/transfer", {"person": str(heir.person_id)})


def test_nothing_that_lets_others_in_before_the_link_was_opened(anna: APIClient) -> None:
    error = api.error(anna.post("/api/api-keys", KEY), 403)
    assert (error["code"], error["details"]["reason"]) == (CODE, "address_not_verified")
    assert "open the link" in error["message"]
    invited = anna.post("/api/organizations/acme/invitations", {"email": "b@people.test"})
    assert api.code(invited, 403) == CODE
    assert api.code(transfer(anna), 403) == CODE
    with tenancy.staff():
        assert not ApiKey.objects.exists()
        assert not Invitation.objects.exists()


def test_everything_after_it(anna: APIClient) -> None:
    open_the_link()

    key = api.data(anna.post("/api/api-keys", KEY), 201)
    assert api.data(anna.post(f"/api/api-keys/{key['id']}/rotate"), 201)["key"] != key["key"]
    api.data(anna.post("/api/organizations/acme/invitations", {"email": "b@people.test"}), 201)
    api.data(transfer(anna))


def test_a_stranger_learns_nothing_of_it(anna: APIClient) -> None:
    stranger = api.program_of(people.register(email="eve@people.test", password=PASSWORD))

    assert stranger.post("/api/organizations/acme/invitations", {"email": "b@people.test"}).status_code == 404
