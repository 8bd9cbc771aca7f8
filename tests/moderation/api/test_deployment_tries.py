"""How often a deployment is tried, as its caller says."""

from typing import Any

import pytest

from moderation.models import Deployment
from musenest.common import work
from tests.fake_server import FakeServer, as_json
from tests.samples import Customer, api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("answering", "draft")]

DEPLOY = f"{api.SITES}/acme-family/deploy"


@pytest.fixture
def client(acme: Customer) -> Any:
    return api.owner(acme)


def test_how_often_it_is_tried_is_the_callers_to_say(client: Any, fake: FakeServer) -> None:
    usual = api.data(client.post(DEPLOY), 202)["deployment"]
    assert (usual["max_retries"], usual["retry_delay_base_ms"]) == (3, 1000)
    fake.apply = lambda _: as_json({}, 503)
    asked = api.data(client.post(DEPLOY, {"maxRetries": 1, "retry_delay_base_ms": 250}), 202)["deployment"]
    assert (asked["max_retries"], asked["retry_delay_base_ms"]) == (1, 250)
    work.run("deployment", asked["id"])
    failed = api.data(client.get(f"{api.DEPLOYMENTS}/{asked['id']}"))
    assert (failed["deployment_status"], failed["attempts"]) == ("failed", 1)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("max_retries", value) for value in (0, 11, -1, "x", None, 1.5)),
        *(("retry_delay_base_ms", value) for value in (99, 60_001, "soon", 10**30)),
    ],
)
def test_how_often_it_is_tried_has_limits(acme: Customer, client: Any, field: str, value: Any) -> None:
    found = api.error(client.post(DEPLOY, {field: value}), 422)
    assert (found["code"], found["details"]["field"]) == ("VALIDATION_ERROR", field)
    with acme.scope():
        assert not Deployment.objects.exists()
