from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Role
from moderation.domain import attestations as wording
from moderation.models import Deployment, DeploymentStatus, Server, Site
from moderation.portal.deployment_view import panel_of
from moderation.selectors import deployments as history
from moderation.services import attestations, deployments
from moderation.services import sites as saving
from musenest.common import tenancy
from tests.moderation.portal.saving import fresh, settings_of
from tests.samples import Customer, customer, deployed, end, member, site

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def tightened(acme: Customer) -> Site:
    """A deployed site with a saved change that is not in force."""
    made = deployed(acme)
    with acme.scope():
        saving.update(site=made, fields={"nudenet_config": {"detection_threshold": 0.4}}, by=acme.owner.actor)
    return made


def newest(acme: Customer, made: Site) -> Deployment:
    with acme.scope():
        found = history.newest_of(made)
    assert found is not None
    return found


def test_preview_translates_without_saving(acme: Customer) -> None:
    made = deployed(acme)
    form = {"nudenet_config.detection_threshold": "0.62"}
    text = acme.client.post(acme.url("sites/acme-family/preview"), form, headers=HTMX).text
    assert "57 %" in text  # public: 62 - 5
    assert "Counts from 57 % in public, from 72 % in private." in text
    assert "the detector misses most of what it should find" in text
    assert "1 change against what is in force" in text
    with acme.scope():
        assert Site.objects.get(pk=made.pk).nudenet_config == {}


def test_preview_is_of_the_template_that_was_chosen(acme: Customer) -> None:
    made = deployed(acme)
    form = settings_of(acme, made) | {"industry_template": "marketplace"}
    shown = acme.client.post(acme.url("sites/acme-family/preview"), form, headers=HTMX).text
    acme.client.post(acme.url("sites/acme-family"), form)
    assert figures_of(shown) == figures_of(
        acme.client.post(acme.url("sites/acme-family/preview"), settings_of(acme, fresh(acme, made))).text
    )
    assert "With what is unsaved:" in shown


def figures_of(preview: str) -> str:
    return preview.split("As JSON")[1].split("</details>", maxsplit=1)[0]


def test_preview_of_what_is_saved_names_no_change(acme: Customer) -> None:
    deployed(acme)
    text = acme.client.post(acme.url("sites/acme-family/preview"), {}, headers=HTMX).text
    assert "against what is in force" not in text


def test_preview_of_who_may_only_look_is_of_what_is_saved(acme: Customer) -> None:
    tightened(acme)
    viewer = member(acme, Role.VIEWER)
    text = viewer.post(acme.url("sites/acme-family/preview"), {}, headers=HTMX).text
    assert "Counts from 35 % in public" in text


@pytest.mark.parametrize("threshold", ["1.5", "nan", "abc", ""])
def test_preview_of_what_cannot_be_deployed_says_why(acme: Customer, threshold: str) -> None:
    site(acme)
    form = {"nudenet_config.detection_threshold": threshold}
    response = acme.client.post(acme.url("sites/acme-family/preview"), form, headers=HTMX)
    assert response.status_code == 200
    assert "These settings cannot be deployed" in response.text


def test_deploy_asks_for_the_plan_that_was_seen(acme: Customer) -> None:
    made = tightened(acme)
    plan = acme.client.get(acme.url("sites/acme-family")).context["plan"]
    assert [row.path for row in plan.changes] == ["nudenet_config.detection_threshold"]
    form = {"expected_digest": plan.digest}
    response = acme.client.post(acme.url("sites/acme-family/deploy"), form, headers=HTMX)
    assert "Waiting for a worker" in response.text
    assert 'hx-trigger="every 1s"' in response.text
    assert newest(acme, made).version.digest == plan.digest


def test_what_a_deployed_site_can_do_appears_with_its_state(acme: Customer) -> None:
    made = site(acme)
    tried = f'href="{acme.url("sites/acme-family/try")}"'
    assert tried not in acme.client.get(acme.url("sites/acme-family/deployment"), headers=HTMX).text
    with acme.scope():
        end(deployments.request(site=made, by=acme.owner.actor), DeploymentStatus.SUCCESSFUL)
    text = acme.client.get(acme.url("sites/acme-family/deployment"), headers=HTMX).text
    assert tried in text.split('<span id="site-try" hx-swap-oob="true">')[1]


def test_deploy_without_htmx_leads_back_to_the_page(acme: Customer) -> None:
    tightened(acme)
    response = acme.client.post(acme.url("sites/acme-family/deploy"))
    assert response.headers["Location"] == acme.url("sites/acme-family")


def test_deploy_of_a_plan_that_has_changed_is_a_toast(acme: Customer) -> None:
    made = tightened(acme)
    form = {"expected_digest": "0" * 64}
    response = acme.client.post(acme.url("sites/acme-family/deploy"), form, headers=HTMX)
    assert response.status_code == 409
    assert response.headers["HX-Retarget"] == "#toasts"
    assert "The site was changed since you saw the plan." in response.text
    assert newest(acme, made).revision == 1


def test_progress_ends_when_the_deployment_does(acme: Customer) -> None:
    made = tightened(acme)
    acme.client.post(acme.url("sites/acme-family/deploy"), headers=HTMX)
    address = acme.url("sites/acme-family/deployment")
    assert 'hx-trigger="every 1s"' in acme.client.get(address, headers=HTMX).text
    with acme.scope():
        end(newest(acme, made), DeploymentStatus.SUCCESSFUL)
    text = acme.client.get(address, headers=HTMX).text
    assert "hx-trigger" not in text
    assert "What is in force is what is saved: version 2." in text
    assert 'id="site-state" hx-swap-oob="true"' in text
    assert "Successful: version 2" in text


def test_plan_with_a_conflict_has_no_button() -> None:
    lonely = customer("Lonely")
    site(lonely)  # no server exists
    text = lonely.client.get(lonely.url("sites/acme-family")).text
    assert "No moderation server has room for this site." in text
    assert "Deploy for the first time" not in text


def test_panel_of_a_deployment_that_waits_for_its_next_try(acme: Customer) -> None:
    made = site(acme)
    with acme.scope():
        deployment = deployments.request(site=made, by=acme.owner.actor)
    deployment.attempts = 2
    deployment.due_at = timezone.now() + timedelta(seconds=30)
    deployment.last_error = "The server did not answer within 5 s."
    progress = panel_of(deployment).progress
    assert progress is not None
    assert progress.title == "Try 2 did not succeed"
    assert progress.next.startswith("The server did not answer within 5 s. It is tried again in ")


def test_panel_while_it_is_sent(acme: Customer) -> None:
    made = site(acme)
    with acme.scope():
        deployment = deployments.request(site=made, by=acme.owner.actor)
    deployment.deployment_status = DeploymentStatus.IN_PROGRESS
    panel = panel_of(deployment)
    assert panel.is_running
    assert panel.progress is not None
    assert panel.progress.title.startswith("Sending to local")


@pytest.mark.parametrize("status", list(DeploymentStatus))
def test_history_names_every_status(acme: Customer, status: DeploymentStatus) -> None:
    made = deployed(acme)
    with acme.scope():
        Deployment.objects.filter(site_config=made).update(deployment_status=status)
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert f"{status.label}: version 1" in text


def failed(acme: Customer, template: str, **fields: Any) -> None:
    """What is in force is what is saved, and the newest deployment failed."""
    made = site(acme, template=template)
    with acme.scope():
        made = saving.update(site=made, fields=fields, by=acme.owner.actor)
        end(deployments.request(site=made, by=acme.owner.actor), DeploymentStatus.SUCCESSFUL)
        end(deployments.request(site=made, by=acme.owner.actor), DeploymentStatus.FAILED, "No answer.")


def test_deploying_again_warns_and_says_what_stands_in_the_way(acme: Customer, local: Server) -> None:
    failed(acme, "marketplace", nudenet_config={"detection_threshold": 0.62})
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert "Deploy again" in text
    assert "the detector misses most of what it should find" in text

    with tenancy.staff():
        Server.objects.filter(pk=local.pk).update(is_active=False)
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert f"The server {local} is switched off." in text
    assert "Deploy again" not in text


def test_deploying_again_offers_a_new_wording_of_the_statement(
    acme: Customer, local: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenancy.staff():
        Server.objects.filter(pk=local.pk).update(is_blip_available=True)
    with acme.scope():
        attestations.make(organization=acme.organization, wording_version=1, by=acme.owner.actor)
    failed(acme, "adult_18")
    assert "Read the statement" not in acme.client.get(acme.url("sites/acme-family")).text
    monkeypatch.setattr(wording, "WORDING_VERSION", 2)
    text = acme.client.get(acme.url("sites/acme-family")).text
    assert "Read the statement" in text
    assert "Deploy again" not in text
