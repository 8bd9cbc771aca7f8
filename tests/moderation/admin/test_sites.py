"""Sites in the admin: deployed by the service, failures with their reason and the way out."""

from django.test import Client
from django.urls import reverse

from moderation.models import Deployment, DeploymentStatus, Site
from moderation.services import deployments
from musenest.common import tenancy
from tests import samples
from tests.samples import World

LIST = "/admin/moderation/site/"


def newest() -> Deployment:
    with tenancy.staff():
        return Deployment.objects.order_by("-revision")[0]


def test_deploying_the_chosen_sites_asks_the_service(staff: Client, world: World) -> None:
    answer = staff.post(
        LIST, {"action": "deploy_chosen", "_selected_action": [str(world.site.pk)]}, follow=True
    )

    assert "Queued for deployment: first-site." in answer.text
    assert (newest().revision, newest().created_by) == (2, "staff@musenest.example")


def test_a_site_that_cannot_be_deployed_is_told_and_stops_no_other(staff: Client, world: World) -> None:
    other = samples.world("Second")
    with tenancy.staff():
        Site.objects.filter(pk=world.site.pk).update(server=None)

    answer = staff.post(
        LIST,
        {"action": "deploy_chosen", "_selected_action": [str(world.site.pk), str(other.site.pk)]},
        follow=True,
    )

    assert "first-site: No moderation server has room for this site." in answer.text
    assert "Queued for deployment: second-site." in answer.text


def test_how_long_its_decisions_are_kept_is_shown(staff: Client, world: World) -> None:
    with tenancy.staff():
        Site.objects.filter(pk=world.site.pk).update(retention_months=29)

    page = staff.get(reverse("admin:moderation_site_change", args=[world.site.pk])).text
    assert "Retention months" in page
    assert "29" in page


def test_a_failed_deployment_stands_beside_the_site_with_the_way_out(staff: Client, world: World) -> None:
    with tenancy.staff():
        deployments.give_up(world.deployment, "The server did not answer within 5 s.")

    assert "The server did not answer within 5 s." in staff.get(LIST).text
    page = staff.get(reverse("admin:moderation_site_change", args=[world.site.pk])).text
    assert "The server did not answer within 5 s. Remove the cause, then deploy it again." in page
    overview = staff.get(reverse("admin:index"))
    assert [(problem["name"], problem["reason"]) for problem in overview.context["problems"]] == [
        ("first-site", "The server did not answer within 5 s.")
    ]


def test_a_site_that_was_taken_away_is_not_there(staff: Client, world: World) -> None:
    with tenancy.staff():
        Site.objects.filter(pk=world.site.pk).update(deleted_at=world.site.created_at)

    assert not staff.get(LIST).context["cl"].result_list


def test_cancelling_a_deployment_ends_it_as_the_service_does(staff: Client, world: World) -> None:
    address = reverse("admin:moderation_deployment_cancel_one", args=[world.deployment.pk])

    answer = staff.post(address, {"_form_submitted": "True"}, follow=True)

    assert answer.status_code == 200
    assert (newest().deployment_status, newest().state) == (DeploymentStatus.SUPERSEDED, "cancelled")
