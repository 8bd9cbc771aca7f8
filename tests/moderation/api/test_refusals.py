"""What an attacker tried: requests that look harmless and were taken for something else."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from moderation.models import Server, ServerStatus
from moderation.selectors import servers
from musenest.common import tenancy
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]


@pytest.mark.parametrize("ordering", ["--created_at", "---id", "-id,--id", "nonsense"])
def test_an_ordering_that_is_none_is_refused(acme: Customer, ordering: str) -> None:
    assert api.code(api.owner(acme).get(f"{api.DECISIONS}?ordering={ordering}"), 422) == "ORDERING_UNKNOWN"


def test_an_identifier_that_is_a_uuid_is_refused(acme: Customer) -> None:
    """It would be taken for the key of another site."""
    body = {"site_identifier": str(uuid4()), "site_name": "S", "industry_template": "marketplace"}
    assert api.code(api.owner(acme).post(api.SITES, body), 422) == "SITE_IDENTIFIER_IS_UUID"


def test_two_pictures_in_one_request_are_refused(acme: Customer) -> None:
    """Only the last would be judged."""
    pictures: Any = [SimpleUploadedFile(name, b"x") for name in ("a.png", "b.png")]
    body = {"site": "acme-family", "image": pictures}
    assert api.code(api.owner(acme).post(api.ANALYZE, body, format="multipart"), 422) == "ONE_PICTURE_ONLY"


@pytest.mark.parametrize("url", ["ftp://acme.test/hook", "javascript:alert(1)"])
def test_a_webhook_that_is_no_web_address_is_refused(acme: Customer, url: str) -> None:
    assert api.owner(acme).patch(f"{api.SITES}/acme-family", {"webhook_url": url}).status_code == 422


@pytest.mark.parametrize("status", [ServerStatus.UNKNOWN, ServerStatus.OFFLINE])
def test_no_site_is_placed_on_a_server_that_did_not_answer(acme: Customer, status: str) -> None:
    with tenancy.staff():
        Server.objects.update(status=status)
    with acme.scope():
        assert servers.best_for(acme.organization) is None
