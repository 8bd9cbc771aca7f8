"""API keys through HTTP: shown once, rotated, revoked; and what is whose."""

from typing import Any

import pytest

from accounts.models import AuditEvent
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, api, signed_in

pytestmark = pytest.mark.django_db

KEYS = "/api/api-keys"
BODY = {"name": "CI", "scopes": ["sites:read", "deploy"]}


def make(of: Customer, **more: Any) -> Any:
    return api.data(api.owner(of).post(KEYS, BODY | more), 201)


def with_text(key: str) -> Any:
    client = api.anonymous()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.mark.parametrize(("mode", "prefix"), [("live", "mn_live_"), ("test", "mn_test_")])
def test_the_key_is_in_this_answer_and_nowhere_else(acme: Customer, mode: str, prefix: str) -> None:
    made = make(acme, mode=mode)

    assert made["key"].startswith(prefix)
    assert (made["last_four"], made["scopes"]) == (made["key"][-4:], ["deploy", "sites:read"])
    (listed,) = api.data(api.owner(acme).get(KEYS))["results"]
    assert listed == {name: value for name, value in made.items() if name != "key"}
    with tenancy.staff():
        assert made["key"] not in str(list(AuditEvent.objects.values()))


def test_a_made_key_opens_its_scopes_and_a_revoked_one_nothing(acme: Customer) -> None:
    made = make(acme)
    client = with_text(made["key"])
    assert client.get(api.SITES).status_code == 200
    assert client.get("/api/billing/quota").status_code == 403

    assert api.owner(acme).delete(f"{KEYS}/{made['id']}").status_code == 204

    assert api.code(client.get(api.SITES), 401) == "INVALID_TOKEN"
    assert api.owner(acme).delete(f"{KEYS}/{made['id']}").status_code == 204, "twice is no error"


def test_rotating_ends_the_key_before_at_once(acme: Customer) -> None:
    first = make(acme)

    second = api.data(api.owner(acme).post(f"{KEYS}/{first['id']}/rotate"), 201)

    assert (second["id"], second["scopes"]) == (first["id"], first["scopes"])
    assert with_text(first["key"]).get(api.SITES).status_code == 401
    assert with_text(second["key"]).get(api.SITES).status_code == 200


def test_a_revoked_key_is_not_rotated(acme: Customer) -> None:
    made = make(acme)
    api.owner(acme).delete(f"{KEYS}/{made['id']}")

    assert api.code(api.owner(acme).post(f"{KEYS}/{made['id']}/rotate"), 409) == "API_KEY_ENDED"


@pytest.mark.parametrize("path", ["", "/rotate"])
def test_an_answer_with_a_key_is_not_given_again(acme: Customer, path: str) -> None:
    address = f"{KEYS}/{make(acme)['id']}{path}" if path else KEYS
    headers = {"Idempotency-Key": "once"}

    assert api.owner(acme).post(address, BODY, headers=headers).status_code == 201
    again = api.owner(acme).post(address, BODY, headers=headers)

    assert api.code(again, 409) == "IDEMPOTENCY_SECRET"


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["*"]},
        {"scopes": ["members:write"]},
        {"scopes": "deploy"},
        {"mode": "root"},
        {"name": ""},
        {"name": "x" * 81},
        {"expires_at": "2001-01-01T00:00:00Z"},
        {"organization": "other"},
        {"digest": "x"},
    ],
)
def test_what_is_wrong_is_refused_in_words(acme: Customer, wrong: dict[str, Any]) -> None:
    assert api.error(api.owner(acme).post(KEYS, BODY | wrong), 422)["message"]


def test_every_tier_has_keys() -> None:
    free = samples.customer("Free", tier="free")

    assert api.owner(free).post(KEYS, BODY).status_code == 201


# role           list make
ROLES = [
    ("owner",    200, 201),
    ("admin",    200, 201),
    ("member",   200, 403),
    ("reviewer", 403, 403),
    ("viewer",   403, 403),
]  # fmt: skip


@pytest.mark.parametrize(("role", "listed", "made"), ROLES)
def test_each_role_is_answered_as_the_table_says(acme: Customer, role: str, listed: int, made: int) -> None:
    client = api.member(acme, role)

    assert (client.get(KEYS).status_code, client.post(KEYS, BODY).status_code) == (listed, made)


def test_a_key_makes_no_keys(acme: Customer) -> None:
    client = api.with_key(acme, "sites:read", "sites:write", "deploy", "analyze")

    assert client.post(KEYS, BODY).status_code == client.get(KEYS).status_code == 403


def test_a_key_of_another_organization_is_not_there(acme: Customer) -> None:
    theirs = make(samples.customer("Stranger"))

    assert api.code(api.owner(acme).delete(f"{KEYS}/{theirs['id']}"), 404) == "API_KEY_UNKNOWN"
    assert api.owner(acme).post(f"{KEYS}/{theirs['id']}/rotate").status_code == 404
    assert api.data(api.owner(acme).get(KEYS))["results"] == []
    assert with_text(theirs["key"]).get(api.SITES).status_code == 200


def test_a_session_that_is_not_fresh_makes_and_rotates_no_key(acme: Customer) -> None:
    made = make(acme)
    stale = signed_in(acme.owner, seconds_ago=16 * 60)
    own: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {"X-Organization": acme.organization.slug},
    }

    for address in (KEYS, f"{KEYS}/{made['id']}/rotate"):
        refused = stale.post(address, BODY, **own)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "STEP_UP_REQUIRED")
    assert stale.get(KEYS).status_code == 200
    assert signed_in(acme.owner).post(KEYS, BODY, **own).status_code == 201
