"""Accepted means finished: whatever is killed in the middle of deployments, each ends deployed, once."""

from collections.abc import Callable

import httpx
import pytest

from accounts.models import Organization
from accounts.services import organizations, people
from billing.models import UsageRecord
from billing.services import subscriptions
from moderation.models import Deployment, DeploymentStatus, Site, SiteStatus
from moderation.services import deployments, servers, sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.faults.conftest import Stack, wait_until

pytestmark = pytest.mark.faults

SITES = 40
# A lease (15 s) and the wait after a first crash (5 s) have to pass for what was running at the kill.
RECOVERY_SECONDS = 90


@pytest.fixture
def organization(stack: Stack) -> Organization:
    owner = people.create(email="owner@acme.example", password="a long password", by=SYSTEM)
    organization = organizations.create(name="Acme", owner=owner, by=SYSTEM)
    subscriptions.change_tier(organization=organization, tier_name="enterprise", by=SYSTEM)
    with tenancy.staff():
        fields = {
            "name": "local",
            "protocol": "http",
            "ip_address": "127.0.0.1",
            "port": stack.moderation_port,
        }
        servers.check(server=servers.create(fields=fields, by=SYSTEM), by=SYSTEM)
    return organization


def request_deployments(organization: Organization) -> None:
    with tenancy.organization(organization.pk):
        for number in range(SITES):
            fields = {
                "site_identifier": f"site-{number}",
                "site_name": f"Site {number}",
                "industry_template": "marketplace",
            }
            site = sites.create(organization=organization, fields=fields, by=SYSTEM)
            deployments.request(site=site, by=SYSTEM)


def successful(organization: Organization) -> int:
    with tenancy.organization(organization.pk):
        return Deployment.objects.filter(deployment_status=DeploymentStatus.SUCCESSFUL).count()


def wait_for_progress(organization: Organization, at_least: int) -> None:
    wait_until(lambda: successful(organization) >= at_least, seconds=60, what=f"{at_least} deployments")


def assert_all_deployed_once(organization: Organization, stack: Stack) -> None:
    wait_until(
        lambda: successful(organization) == SITES, seconds=RECOVERY_SECONDS, what=f"{SITES} deployments"
    )
    profiles = httpx.get(f"http://127.0.0.1:{stack.moderation_port}/sites").json()
    with tenancy.organization(organization.pk):
        assert Deployment.objects.count() == SITES
        found = list(Site.objects.select_related("deployed_version"))
        assert {site.deployment_status for site in found} == {SiteStatus.DEPLOYED}
        for site in found:
            assert site.deployed_version is not None
            assert profiles[str(site.pk)] == {"revision": 1, "digest": site.deployed_version.digest}
        assert UsageRecord.objects.filter(usage_type="config_deployment").count() == SITES


KILLS: dict[str, Callable[[Stack], None]] = {
    "worker": lambda stack: stack.kill_and_start("worker"),
    "moderation_server": lambda stack: stack.kill_and_start("moderation"),
    "beat": lambda stack: stack.kill_and_start("beat"),
    "postgresql": Stack.kill_postgres,
    "valkey": Stack.kill_valkey,
}


@pytest.mark.parametrize("killed", ["worker", "postgresql", "valkey"])
def test_deployments_when_something_is_killed_all_end_deployed_once(
    killed: str, organization: Organization, stack: Stack
) -> None:
    request_deployments(organization)
    wait_for_progress(organization, 3)

    KILLS[killed](stack)

    assert_all_deployed_once(organization, stack)


def test_deployments_when_everything_is_killed_in_turn_all_end_deployed_once(
    organization: Organization, stack: Stack
) -> None:
    request_deployments(organization)
    for number, kill in enumerate(KILLS.values(), start=1):
        wait_for_progress(organization, number)
        kill(stack)

    assert_all_deployed_once(organization, stack)
