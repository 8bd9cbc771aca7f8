"""A picture through the API, judged by the real moderation server."""

import hashlib
import json

import pytest

from accounts.models import Role
from billing.models import Subscription, SubscriptionStatus, UsageCounter, UsageRecord
from billing.services import subscriptions
from moderation.models import Decision, Site
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.idempotency import IdempotencyRecord
from tests import samples
from tests.moderation.api.uploading import decisions_of, send, session_of, used_by
from tests.moderation.server.samples import bundled
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

ANSWER = {
    "id",
    "decision",
    "reasons",
    "nudity_score",
    "final_risk_score",
    "risk_level",
    "labels",
    "detected_parts",
    "part_locations",
    "image_hash",
    "perceptual_hash",
    "child_safety",
    "escalated",
    "preserve",
    "stages_missing",
    "config_version",
    "server",
    "credits_used",
    "request_id",
    "mode",
}


def test_a_picture_is_rejected_with_everything_that_led_to_it(acme_in_force: Customer, colour: bytes) -> None:
    client = api.with_key(acme_in_force, "analyze")
    found = api.data(send(client, colour, usage_intent="public_site", external_id="picture 7"))
    assert set(found) == ANSWER
    assert found["decision"] == "rejected"
    assert "BUTTOCKS_EXPOSED" in found["detected_parts"]
    assert (
        found["part_locations"]["BUTTOCKS_EXPOSED"]["confidence"]
        == found["detected_parts"]["BUTTOCKS_EXPOSED"]
    )
    assert found["image_hash"] == hashlib.sha256(colour).hexdigest()
    assert isinstance(found["id"], int)
    assert (found["credits_used"], found["config_version"], found["escalated"]) == (0, 1, False)
    assert found["reasons"][0]["code"]
    (decision,) = decisions_of(acme_in_force)
    assert (decision.pk, decision.external_id, decision.request_id) == (
        found["id"],
        "picture 7",
        found["request_id"],
    )
    assert found["request_id"]
    assert used_by(acme_in_force) == 1


def test_an_innocent_picture_is_approved_by_both_kinds_of_name(acme_in_force: Customer) -> None:
    client = api.owner(acme_in_force)
    with acme_in_force.scope():
        pk = str(Site.objects.get().pk)
    assert api.data(send(client, bundled("chelsea.png"), site=pk))["decision"] == "approved"
    assert api.data(send(client, bundled("chelsea.png"), usageIntent="store"))["decision"] == "approved"
    assert [one.usage_intent for one in decisions_of(acme_in_force)] == ["public_site", "store"]


def test_neither_answer_nor_row_nor_log_keeps_the_picture(
    acme_in_force: Customer, colour: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {"Idempotency-Key": "once"}
    response = send(api.owner(acme_in_force), colour, headers)
    with acme_in_force.scope():
        rows = str(list(Decision.objects.values()))
    with tenancy.staff():
        kept = str(list(IdempotencyRecord.objects.values()))
    assert api.data(response)
    for text in (rows, kept, caplog.text, response.content.decode()):
        assert "PNG" not in text
        assert "p.png" not in text


def test_one_key_counts_and_asks_the_server_once(acme_in_force: Customer, colour: bytes) -> None:
    client, headers = api.with_key(acme_in_force, "analyze"), {"Idempotency-Key": "upload-1"}
    first = send(client, colour, headers)
    second = send(client, colour, headers)
    assert (second["Idempotent-Replayed"], second.json()) == ("true", first.json())
    assert "Idempotent-Replayed" not in first
    assert used_by(acme_in_force) == len(decisions_of(acme_in_force)) == 1


def test_one_key_for_two_pictures_is_refused(acme_in_force: Customer, colour: bytes) -> None:
    client, headers = api.with_key(acme_in_force, "analyze"), {"Idempotency-Key": "upload-1"}
    api.data(send(client, colour, headers))
    assert api.code(send(client, bundled("chelsea.png"), headers), 422) == "IDEMPOTENCY_MISMATCH"
    assert api.code(send(client, colour, headers, external_id="x"), 422) == "IDEMPOTENCY_MISMATCH"
    assert used_by(acme_in_force) == 1


def test_a_twin_in_flight_is_told_to_wait(acme_in_force: Customer, colour: bytes) -> None:
    client, headers = api.with_key(acme_in_force, "analyze"), {"Idempotency-Key": "upload-1"}
    api.data(send(client, colour, headers))
    with tenancy.staff():
        IdempotencyRecord.objects.update(status=None, body=None)
    response = send(client, colour, headers)
    assert api.code(response, 409) == "IDEMPOTENCY_IN_FLIGHT"
    assert int(response["Retry-After"]) > 0


def test_another_callers_key_is_another_key(acme_in_force: Customer, colour: bytes) -> None:
    headers = {"Idempotency-Key": "upload-1"}
    for _ in range(2):
        assert "Idempotent-Replayed" not in send(api.with_key(acme_in_force, "analyze"), colour, headers)
    assert used_by(acme_in_force) == 2


def test_a_site_that_was_never_deployed_or_is_off(acme_in_force: Customer, colour: bytes) -> None:
    samples.site(acme_in_force, "fresh")
    client = api.owner(acme_in_force)
    assert api.code(send(client, colour, site="fresh"), 409) == "SITE_NOT_DEPLOYED"
    api.data(client.patch(f"{api.SITES}/acme-family", {"is_active": False}))
    assert api.code(send(client, colour), 409) == "SITE_INACTIVE"
    assert used_by(acme_in_force) == 0


def test_a_stranger_cannot_have_a_picture_judged_by_our_site(acme_in_force: Customer, colour: bytes) -> None:
    stranger = samples.customer("Borealis")
    with acme_in_force.scope():
        pk = str(Site.objects.get().pk)
    for name in ("acme-family", pk, "\0", "no"):
        response = send(api.owner(stranger), colour, site=name)
        assert response.status_code in {404, 422}
    assert api.code(send(api.with_key(stranger, "analyze"), colour, site=pk), 404) == "SITE_UNKNOWN"
    assert used_by(acme_in_force) == used_by(stranger) == 0


def test_who_may_analyse(acme_in_force: Customer, colour: bytes) -> None:
    assert api.code(send(api.anonymous(), colour), 401) == "NOT_SIGNED_IN"
    for client in (
        api.member(acme_in_force, Role.VIEWER),
        api.with_key(acme_in_force, "sites:write", "deploy"),
    ):
        assert api.error(send(client, colour), 403)["details"]["permission"] == "analyze"
    assert used_by(acme_in_force) == 0
    bearer = api.with_key(acme_in_force, "analyze", header="Authorization")
    assert api.data(send(bearer, colour))["decision"] == "rejected"
    assert api.data(send(api.member(acme_in_force), colour))["decision"] == "rejected"


def test_beyond_the_quota_the_picture_is_held(acme_in_force: Customer, colour: bytes) -> None:
    organization, client = acme_in_force.organization, api.owner(acme_in_force)
    subscriptions.change_tier(organization=organization, tier_name="free", by=SYSTEM)
    api.data(send(client, colour))
    with acme_in_force.scope():
        UsageCounter.objects.update(used=1000)
    response = send(client, colour, {"Idempotency-Key": "again"})
    found = api.error(response, 429)
    assert (found["code"], found["message"]) == ("MONTHLY_LIMIT", "Monthly request limit exceeded (1000)")
    assert (found["details"]["decision"], found["details"]["upgrade_required"]) == ("flagged", "basic")
    assert 0 < int(response["Retry-After"]) <= 31 * 86_400
    assert (used_by(acme_in_force), len(decisions_of(acme_in_force))) == (1000, 1)
    subscriptions.change_tier(organization=organization, tier_name="basic", by=SYSTEM)
    assert api.data(send(client, colour, {"Idempotency-Key": "again"}))["decision"] == "rejected"


def test_a_paused_subscription_analyses_nothing(acme_in_force: Customer, colour: bytes) -> None:
    with acme_in_force.scope():
        Subscription.objects.update(subscription_status=SubscriptionStatus.PAUSED)
    assert api.code(send(api.owner(acme_in_force), colour), 403) == "SUBSCRIPTION_INACTIVE"


def test_the_portals_session_needs_its_csrf_token(acme_in_force: Customer, colour: bytes) -> None:
    client = session_of(acme_in_force)
    assert api.code(send(client, colour), 403) == "CSRF_FAILED"
    assert used_by(acme_in_force) == 0
    client.cookies["csrftoken"] = "a" * 32
    assert api.data(send(client, colour, {"X-CSRFToken": "a" * 32}))["decision"] == "rejected"


def test_the_use_is_recorded_with_its_site_and_person(acme_in_force: Customer, colour: bytes) -> None:
    api.data(send(api.owner(acme_in_force), colour))
    with acme_in_force.scope():
        row = UsageRecord.objects.get(usage_type="analysis")
        assert (row.request_count, row.user_id, row.site_config_id) == (
            1,
            acme_in_force.owner.pk,
            Site.objects.get().pk,
        )
        assert row.response_time_ms is not None
        assert json.dumps(row.metadata)


def test_an_analysis_takes_no_more_statements_than_these(acme_in_force: Customer, colour: bytes) -> None:
    """Key, its tier's rate, site; the use; its end, the decision."""
    client = api.with_key(acme_in_force, "analyze")
    api.data(send(client, colour))  # notes that the key is in use: once a minute
    with api.counted() as statements:
        api.data(send(client, colour))
    assert len([one for one in statements if "SAVEPOINT" not in one]) == 6
