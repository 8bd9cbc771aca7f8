"""What stands by now: the rollups and what changed since come to what counting every row comes to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.rules import CHILD_SAFETY
from analytics.selectors.decisions import by_now
from moderation.models import Decision, DecisionEvent
from moderation.selectors import decisions
from musenest.common import callers
from musenest.common.callers import Caller
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db

Make = Callable[..., Decision]


@pytest.fixture
def acme() -> Customer:
    samples.server()
    return samples.customer("Acme")


@pytest.fixture
def make(acme: Customer) -> Make:
    """Decides a picture of Acme's; with `became` a caption says something else later."""
    family = samples.deployed(acme)

    def made(kind: str, became: dict[str, Any] | None = None, **fields: Any) -> Decision:
        found = samples.decision(acme, family, kind, **fields)
        if became is not None:
            with acme.scope():
                DecisionEvent.objects.create(
                    organization_id=acme.organization.pk,
                    decision_id=found.pk,
                    kind="caption",
                    created_by="MuseNest",
                    **became,
                )
        return found

    return made


def readers(of: Customer) -> list[Caller]:
    """One without and one with the grant to see escalated pictures."""
    with of.scope():
        plain = callers.in_organization(of.owner, of.organization.slug)
    without = replace(plain, permissions=plain.permissions - {CHILD_SAFETY})
    return [without, replace(plain, permissions=plain.permissions | {CHILD_SAFETY})]


def told(of: Customer, caller: Caller) -> Counter[Any]:
    with of.scope():
        days = by_now(caller)
    found = {
        (day.on, kind): getattr(day, kind) for day in days for kind in ("approved", "flagged", "rejected")
    }
    return Counter({key: number for key, number in found.items() if number})


def counted(of: Customer, caller: Caller) -> Counter[Any]:
    with of.scope():
        return Counter(
            (row.created_at.astimezone(UTC).date(), row.by_now) for row in decisions.visible_to(caller)
        )


def test_it_is_what_the_rows_say(acme: Customer, make: Make) -> None:
    borealis = samples.customer("Borealis")
    samples.decision(borealis, samples.deployed(borealis, "borealis"), "approved")
    make("approved")
    make("approved", {"decision": "rejected"})
    make("flagged", {"decision": ""})  # a caption that changed nothing
    make("flagged", {"decision": "flagged"})
    make("rejected", {"decision": "rejected", "is_escalated": True})
    make("rejected", is_escalated=True)
    make("rejected", {"decision": "approved"}, is_escalated=True)
    make("approved", mode="test")
    without, granted = readers(acme)
    today = timezone.now().astimezone(UTC).date()
    assert told(acme, without) == counted(acme, without)
    assert told(acme, granted) == counted(acme, granted)
    assert dict(told(acme, without)) == {
        (today, "approved"): 1,
        (today, "flagged"): 2,
        (today, "rejected"): 1,
    }
    assert sum(told(acme, granted).values()) == 7


def test_the_newest_word_counts_and_each_picture_once(acme: Customer, make: Make) -> None:
    found = make("flagged", {"decision": "rejected"})
    with acme.scope():
        DecisionEvent.objects.create(
            organization_id=acme.organization.pk,
            decision_id=found.pk,
            kind="resolved",
            decision="approved",
            created_by="Ada",
            created_at=timezone.now() + timedelta(seconds=1),
        )
    (without, _) = readers(acme)
    assert [kind for (_, kind) in told(acme, without).elements()] == ["approved"]
    assert told(acme, without) == counted(acme, without)
