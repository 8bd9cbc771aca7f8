"""Deploying without a subscription that serves: refused, as the description of the API says."""

from pathlib import Path

import pytest
import yaml

from billing.models import Subscription
from moderation.models import Deployment
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("draft")]

DESCRIPTION = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


@pytest.mark.parametrize(
    ("status", "code"), [("paused", "SUBSCRIPTION_INACTIVE"), ("cancelled", "SUBSCRIPTION_MISSING")]
)
def test_what_is_answered_is_what_is_described(acme: Customer, status: str, code: str) -> None:
    client = api.owner(acme)
    with acme.scope():
        Subscription.objects.update(subscription_status=status)

    assert api.code(client.post(f"{api.SITES}/acme-family/deploy"), 403) == code

    with acme.scope():
        assert not Deployment.objects.exists()
    operation = yaml.safe_load(DESCRIPTION.read_text())["paths"][f"{api.SITES}/{{site}}/deploy"]["post"]
    assert f"`{code}`" in operation["responses"]["403"]["description"]
