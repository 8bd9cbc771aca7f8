"""One effect for each key, and the first answer again."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import QueryDict
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import Organization, WebhookEndpoint
from musenest.common import idempotency, tenancy
from musenest.common.errors import ConflictError, DeniedError, InvalidError, LimitError, MuseNestError
from tests import samples
from tests.musenest.common.api.conftest import client_of, client_of_key
from tests.musenest.common.api.things import Behaviour

pytestmark = pytest.mark.urls("tests.musenest.common.api.things")

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def counting() -> None:
    Behaviour.calls = 0
    Behaviour.act = staticmethod(lambda request: {"made": str(datetime.now(UTC)), "number": Behaviour.calls})


@pytest.fixture
def organization(db: None) -> Organization:
    return samples.organization()


@pytest.fixture
def client(organization: Organization) -> APIClient:
    return client_of(samples.membership(organization).person)


def send(client: APIClient, key: str = "k", body: dict[str, Any] | None = None, path: str = "create") -> Any:
    return client.post(f"/api/{path}", body or {"a": 1}, HTTP_IDEMPOTENCY_KEY=key)


def test_a_repeated_request_gets_the_first_answer_and_has_no_effect(client: APIClient) -> None:
    first, second = send(client), send(client)

    assert second.json() == first.json()
    assert second.status_code == first.status_code
    assert not first.has_header("Idempotent-Replayed")
    assert second["Idempotent-Replayed"] == "true"
    assert Behaviour.calls == 1


def test_an_answer_with_instants_reads_the_same_the_second_time(client: APIClient) -> None:
    Behaviour.act = staticmethod(lambda request: {"at": datetime(2026, 1, 1, 0, 0, 0, 123456, UTC)})

    assert send(client).json() == send(client).json()


def test_a_request_without_a_key_is_done_each_time(client: APIClient) -> None:
    for _ in range(2):
        client.post("/api/create", {"a": 1})

    assert Behaviour.calls == 2


def test_an_api_key_may_repeat_too(organization: Organization) -> None:
    client = client_of_key(organization, "sites:write")

    assert [send(client).status_code for _ in range(2)] == [200, 200]
    assert Behaviour.calls == 1


def test_the_key_with_another_body_or_address_is_422(client: APIClient) -> None:
    send(client)

    for answer in (send(client, body={"a": 2}), send(client, path="person")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert Behaviour.calls == 1


def test_the_key_of_another_caller_is_another_key(client: APIClient, organization: Organization) -> None:
    for other in (
        client,
        client_of(samples.membership(organization).person),
        client_of_key(organization, "sites:write"),
    ):
        send(other)

    assert Behaviour.calls == 3


def test_a_twin_in_flight_is_409_with_a_wait(client: APIClient) -> None:
    answers: list[Any] = []

    def act(request: Request) -> Any:
        answers.append(send(client))
        return {}

    Behaviour.act = staticmethod(act)
    send(client)

    assert (answers[0].status_code, answers[0].json()["error"]["code"]) == (409, "IDEMPOTENCY_IN_FLIGHT")
    assert answers[0]["Retry-After"] == "2"
    assert Behaviour.calls == 1


def test_an_answer_with_a_secret_is_not_kept(client: APIClient) -> None:
    Behaviour.act = staticmethod(lambda request: {"key": "mn_live_secret"})
    assert send(client, path="secret").status_code == 200

    answer = send(client, path="secret")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "IDEMPOTENCY_SECRET")
    with tenancy.staff():
        assert idempotency.IdempotencyRecord.objects.get().body is None


def test_a_refusal_instead_of_a_secret_is_given_again(client: APIClient) -> None:
    Behaviour.act = staticmethod(lambda request: Response({"no": 1}, status=422))

    assert [send(client, path="secret").status_code for _ in range(2)] == [422, 422]
    assert Behaviour.calls == 1


@pytest.mark.parametrize(
    "error", [ValueError("x"), LimitError("x"), MuseNestError("x"), DeniedError("a plan, a proof")]
)
def test_an_answer_that_asks_to_try_again_is_not_kept(client: APIClient, error: Exception) -> None:
    def act(request: Request) -> Any:
        if Behaviour.calls == 1:
            raise error
        return {}

    Behaviour.act = staticmethod(act)

    assert [send(client).status_code >= 403, send(client).status_code] == [True, 200]


def test_a_refusal_is_kept(client: APIClient) -> None:
    Behaviour.act = staticmethod(lambda request: Response({"no": 1}, status=409))

    assert [send(client).status_code, send(client).status_code] == [409, 409]
    assert Behaviour.calls == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256, "a\tb"])
def test_a_key_of_other_letters_or_length_is_422(key: str) -> None:
    with pytest.raises(InvalidError) as caught:
        idempotency.checked_key(key)

    assert caught.value.code == "IDEMPOTENCY_KEY_INVALID"


def test_an_anonymous_caller_of_a_public_endpoint_may_send_a_key(db: None) -> None:
    client = APIClient()

    assert [send(client, path="anybody").status_code for _ in range(2)] == [200, 200]
    assert Behaviour.calls == 2


# The store


def test_a_key_is_forgotten_after_24_hours(db: None) -> None:
    with time_machine.travel(START, tick=False) as clock:
        record, _ = idempotency.begin("c", "k", "f")
        idempotency.keep(record.pk, status=200, body={}, is_secret=False)
        clock.shift(idempotency.KEPT_FOR)
        assert idempotency.begin("c", "k", "f") == (record, False)

        clock.shift(1)
        assert idempotency.begin("c", "k", "other")[1]


def test_a_request_that_was_lost_frees_its_key(db: None) -> None:
    with time_machine.travel(START, tick=False) as clock:
        idempotency.begin("c", "k", "f")
        clock.shift(idempotency.LOST_AFTER)
        with pytest.raises(ConflictError):
            idempotency.begin("c", "k", "f")

        clock.shift(1)
        assert idempotency.begin("c", "k", "f")[1]


def test_forgetting_removes_what_is_old_only(db: None) -> None:
    with time_machine.travel(START, tick=False) as clock, tenancy.staff():
        idempotency.begin("c", "old", "f")
        clock.shift(timedelta(hours=1))
        idempotency.begin("c", "young", "f")
        clock.shift(timedelta(hours=23, seconds=1))

        assert idempotency.forget() == 1
        assert idempotency.IdempotencyRecord.objects.get().key == "young"


def test_the_records_are_no_tenants_to_read(client: APIClient, organization: Organization) -> None:
    send(client)

    with tenancy.organization(organization.pk):
        assert not idempotency.IdempotencyRecord.objects.exists()
    with tenancy.staff():
        assert idempotency.IdempotencyRecord.objects.exists()


def test_a_fingerprint_covers_files_by_content_and_every_value_of_a_field() -> None:
    def upload(content: bytes) -> dict[str, Any]:
        return {"image": SimpleUploadedFile("x.png", content)}

    assert idempotency.fingerprint("r", upload(b"1")) == idempotency.fingerprint("r", upload(b"1"))
    assert idempotency.fingerprint("r", upload(b"1")) != idempotency.fingerprint("r", upload(b"2"))
    assert idempotency.fingerprint("r", QueryDict("a=1&a=2")) != idempotency.fingerprint(
        "r", QueryDict("a=3&a=2")
    )
    assert idempotency.fingerprint("r", {"a": 1, "b": 2}) == idempotency.fingerprint("r", {"b": 2, "a": 1})


def test_nobody_who_reads_a_fingerprint_can_try_passwords_against_it(settings: Settings) -> None:
    before = idempotency.fingerprint("r", {"password": "x"})
    settings.SECRET_KEY = "another key of the site"
    assert idempotency.fingerprint("r", {"password": "x"}) != before


def test_a_fingerprinted_file_can_still_be_read() -> None:
    file = SimpleUploadedFile("x.png", b"content")
    idempotency.fingerprint("r", {"image": file})

    assert file.read() == b"content"


def test_of_20_at_once_one_has_an_effect(committed_db: None) -> None:
    organization = samples.organization()
    who = samples.membership(organization).person
    callers, barrier = 20, threading.Barrier(20)

    def act(request: Request) -> Any:
        WebhookEndpoint.objects.create(organization=organization, url="https://made.test/", secret="s")
        return {"made": 1}

    Behaviour.act = staticmethod(act)
    clients = [client_of(who) for _ in range(callers)]

    def send_at_once(client: APIClient) -> int:
        try:
            barrier.wait(timeout=30)
            return int(send(client).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(callers) as pool:
        statuses = list(pool.map(send_at_once, clients))

    assert set(statuses) <= {200, 409}
    assert 200 in statuses
    with tenancy.staff():
        assert WebhookEndpoint.objects.count() == 1
