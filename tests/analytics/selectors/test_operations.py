"""The figures that staff see first."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analytics.selectors import operations
from analytics.selectors.operations import Figure
from moderation.models import Deployment, Server, ServerStatus
from musenest.common import tenancy
from musenest.common.work import Schedule, WorkState
from tests import samples
from tests.samples import World


def test_figures_count_by_state(world: World) -> None:
    with tenancy.staff():
        Server.objects.filter(pk=world.server.pk).update(status=ServerStatus.ONLINE)
        samples.hidden_decision(world.site, decision="approved")

        assert operations.servers() == [Figure("online", 1)]
        assert operations.sites() == [Figure("pending", 1)]
        assert {figure.state: figure.count for figure in operations.decisions_today()} == {
            "approved": 1,
            "rejected": 1,
        }


def test_decisions_of_yesterday_and_of_test_keys_do_not_count(world: World) -> None:
    with tenancy.staff():
        samples.hidden_decision(world.site, created_at=timezone.now() - timedelta(hours=24))
        samples.hidden_decision(world.site, mode="test")

        assert operations.decisions_today() == [Figure("rejected", 1)]


def test_work_of_every_kind_is_counted_and_what_is_done_is_not(world: World) -> None:
    with tenancy.staff():
        before = operations.work_by_kind()
        Deployment.objects.update(state=WorkState.PARKED)
        parked = operations.work_by_kind()
        Deployment.objects.update(state=WorkState.DONE)
        done = operations.work_by_kind()

    kinds = {model._meta.label_lower for model in operations.work_models()}
    others = {(kind, "waiting", 1) for kind in kinds - {"moderation.deployment"}}
    assert set(before) == others | {("moderation.deployment", "waiting", 1)}
    assert set(parked) == others | {("moderation.deployment", "parked", 1)}
    assert set(done) == others


def test_problems_name_what_needs_somebody_and_why(world: World) -> None:
    with tenancy.staff():
        Server.objects.filter(pk=world.server.pk).update(status=ServerStatus.OFFLINE, last_error="It is off.")
        Deployment.objects.update(state=WorkState.PARKED, last_error="Lost three times.")
        Schedule.objects.update(last_error="ValueError: no")

        found = [(problem.model, problem.reason) for problem in operations.problems()]

    assert found == [
        ("moderation.server", "It is off."),
        ("moderation.deployment", "Lost three times."),
        ("common.schedule", "ValueError: no"),
    ]


def test_overview_costs_the_same_for_one_and_for_three(world: World) -> None:
    staff = samples.signed_in(samples.staff_person())

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(reverse("admin:index")).status_code == 200
        return len(queries)

    few = cost()
    samples.world("Second")
    samples.world("Third")

    assert cost() == few <= 16
