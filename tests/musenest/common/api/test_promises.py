"""What the schema promises, Schemathesis tries over HTTP: as nobody, a member, staff and an API key.

Nothing it thinks of may be answered by a fault of ours, or by what the schema does not say.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient
from schemathesis import GenerationMode, checks

from moderation.models import Deployment, Server
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api

# For each operation, caller and kind of case. More by MUSENEST_TEST_TRIES, for an hour to spare.
TRIES = int(os.environ.get("MUSENEST_TEST_TRIES", "3"))
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
SCOPES = ("sites:read", "sites:write", "deploy", "analyze", "billing:read", "analytics:read")
CALLERS: dict[str, Callable[[Customer], APIClient]] = {
    "nobody": lambda acme: api.anonymous(),
    "member": api.owner,
    "staff": lambda acme: api.staff(),
    "key": lambda acme: api.with_key(acme, *SCOPES),
}


@pytest.fixture(scope="module")
def schema() -> Any:
    return schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]  # untyped


@pytest.fixture
def acme(committed_db: None) -> Customer:
    samples.server()
    return samples.customer("acme")


@pytest.fixture
def known(acme: Customer) -> dict[str, str]:
    """Path parameters of what is there."""
    site = samples.deployed(acme)
    decision = samples.decision(acme, site, "flagged")
    with tenancy.staff():
        deployment, server = Deployment.objects.get(), Server.objects.get()
    return {
        "site": site.site_identifier,
        "deployment": str(deployment.pk),
        "decision": str(decision.pk),
        "server": str(server.pk),
        "slug": acme.organization.slug,
    }


@pytest.mark.parametrize("who", CALLERS)
def test_every_operation_answers_as_the_schema_says(
    schema: Any, live_site: LiveServer, acme: Customer, known: dict[str, str], who: str
) -> None:
    credential = credential_of(CALLERS[who](acme))
    broken = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                tried(operation.as_strategy(generation_mode=mode), live_site.url, credential, known)()
            except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 -- told at the end
                broken += [f"{operation.label}: {message}" for message in told(error)]
    assert not broken, "\n\n".join(broken)


def credential_of(client: APIClient) -> dict[str, str]:
    names = {"HTTP_AUTHORIZATION": "Authorization", "HTTP_X_API_KEY": "X-API-Key"}
    return {names[variable]: value for variable, value in client.defaults.items() if variable in names}


def told(error: BaseException) -> list[str]:
    if isinstance(error, BaseExceptionGroup):
        return [message for each in error.exceptions for message in told(each)]
    return [str(error)[:1500]]


def tried(cases: Any, url: str, credential: dict[str, str], known: dict[str, str]) -> Callable[[], None]:
    """A test that asks so, every second time about what is there."""

    @seed(1)
    @settings(
        max_examples=TRIES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    @given(case=cases, is_known=st.booleans())
    def ask(case: Any, is_known: bool) -> None:
        for name in (case.path_parameters or {}).keys() & known.keys() if is_known else ():
            case.path_parameters[name] = known[name]
        (case.query or {}).pop("wait", None)  # it would wait
        case.call_and_validate(base_url=url, headers=credential, checks=CHECKS)

    return ask
