"""What a cursor's place comes to in SQL."""

import pytest

from accounts.models import ApiKey, AuditEvent
from moderation.models import Decision
from musenest.common.api import places


def where(model: type, ordering: list[str], values: list[str | None]) -> str:
    found = model.objects.filter(places.beyond(model, ordering, values))  # type: ignore[attr-defined]  # any model
    return str(found.query).partition(" WHERE ")[2]


@pytest.mark.parametrize(("order", "sign"), [("id", ">"), ("-id", "<")])
def test_a_key_is_a_range_of_its_index(order: str, sign: str) -> None:
    assert where(AuditEvent, [order], ["7"]) == (
        f'("audit_events"."id" {sign}= 7 AND "audit_events"."id" {sign} 7)'
    )


@pytest.mark.parametrize(("order", "sign"), [("created_at", ">="), ("-created_at", "<=")])
def test_the_first_value_bounds_the_rest(order: str, sign: str) -> None:
    found = where(Decision, [order, "id"], ["2026-01-01T00:00Z", "7"])

    assert found.startswith(f'("moderation_decisions"."created_at" {sign} 2026-01-01')
    assert " IS NULL" not in found


def test_what_may_be_empty_comes_last() -> None:
    assert '"expires_at" IS NULL' in where(ApiKey, ["expires_at", "id"], ["2026-01-01T00:00Z", None])
    assert " IS NULL" not in where(ApiKey, ["-expires_at"], ["2026-01-01T00:00Z"])


def test_directions_are_turned() -> None:
    assert places.reverse(["-a", "b"]) == ["a", "-b"]
