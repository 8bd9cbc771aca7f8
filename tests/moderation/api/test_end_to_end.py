"""A program's whole day over a real port: sign in, make a site stricter, deploy, have a picture judged,
read it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import httpx
import pytest
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from moderation.models import Deployment
from musenest.common import tenancy, work
from tests import samples
from tests.moderation.server.conftest import Running
from tests.moderation.server.samples import bundled
from tests.samples import PASSWORD, Customer, api


@pytest.fixture
def acme(live_site: LiveServer, moderation_server: Running, settings: Any) -> Customer:
    address = moderation_server.url.removeprefix("http://")
    settings.EGRESS_ALLOW = [address]
    samples.server(port=int(address.split(":")[1]), api_key="a key of the test")
    return samples.customer()


@contextmanager
def worker(pause: float = 0.3) -> Iterator[None]:
    """Does what is due, a moment after it is asked for, as another process would."""
    over = Event()

    def work_on() -> None:
        while not over.wait(0.02):
            with tenancy.staff():
                waiting = list(Deployment.objects.filter(state="waiting").values_list("pk", flat=True))
            for pk in waiting:
                time.sleep(pause)
                work.run("deployment", str(pk))
        connection.close()

    thread = Thread(target=work_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(20)


def data(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    assert response.headers["X-Request-ID"]
    return response.json()["data"]


def test_a_programs_whole_day(acme: Customer, live_site: LiveServer) -> None:
    with httpx.Client(base_url=live_site.url, timeout=30) as client, worker():
        signed_in = data(
            client.post("/api/auth/login", json={"email": acme.owner.email, "password": PASSWORD})
        )
        client.headers["Authorization"] = f"Bearer {signed_in['access']}"
        body = {"siteIdentifier": "shop", "siteName": "Shop", "industryTemplate": "marketplace"}
        made = data(client.post(api.SITES, json=body), 201)
        stricter = {"usage_intents": {"store": {"approval_threshold": 1, "rejection_threshold": 30}}}
        saved = client.patch(f"{api.SITES}/shop", json=stricter, headers={"If-Match": '"1"'})
        assert (data(saved)["config_version"], saved.headers["ETag"].strip("W/")) == (2, '"2"')
        plan = data(client.post(f"{api.SITES}/shop/plan"))
        asked = client.post(f"{api.SITES}/shop/deploy?wait=20", json={"expected_digest": plan["digest"]})
        assert data(asked)["deployment"]["deployment_status"] == "successful"
        assert data(client.get(f"{api.SITES}/{made['id']}"))["deployment_status"] == "deployed"
        sent = {"image": ("holiday.png", bundled("color.png"), "image/png")}
        fields = {"site": "shop", "usage_intent": "store", "external_id": "7"}
        judged = data(client.post(api.ANALYZE, data=fields, files=sent, headers={"Idempotency-Key": "7"}))
        assert judged["decision"] == "rejected"
        (listed,) = data(client.get(f"{api.DECISIONS}?external_id=7"))["results"]
        assert (listed["id"], listed["config_version"]) == (judged["id"], 1)
        assert data(client.get("/api/subscription"))["quota"]["used"] == 1
        rotated = data(client.post("/api/auth/refresh", json={"refresh": signed_in["refresh"]}))
        assert client.post("/api/auth/logout", json={"refresh": rotated["refresh"]}).status_code == 204


def test_a_waiting_request_holds_neither_transaction_nor_lock(acme: Customer, live_site: LiveServer) -> None:
    """While one request waits, another changes the same site."""
    samples.site(acme, "shop", "marketplace")
    answers: list[httpx.Response] = []
    headers = {"Authorization": api.bearer(acme.owner)}
    with httpx.Client(base_url=live_site.url, timeout=30, headers=headers) as client:
        asking = Thread(target=lambda: answers.append(client.post(f"{api.SITES}/shop/deploy?wait=5")))
        asking.start()
        while at_work() != 0 or not requested():
            assert not answers, "it did not rest before it answered"
            time.sleep(0.05)
        data(client.patch(f"{api.SITES}/shop", json={"site_name": "Meanwhile"}))
        assert answers == []
        asking.join(20)
    (answer,) = answers
    assert data(answer, 202)["deployment"]["deployment_status"] == "pending"


def test_who_waits_leaves_threads_for_others(acme: Customer, live_site: LiveServer) -> None:
    """Two wait; the third is answered at once, as one who did not ask to wait."""
    for name in ("one", "two", "three"):
        samples.site(acme, name, "marketplace")
    answers: list[httpx.Response] = []
    headers = {"Authorization": api.bearer(acme.owner)}
    with httpx.Client(base_url=live_site.url, timeout=30, headers=headers) as client:

        def deploy(name: str, wait: int) -> None:
            answers.append(client.post(f"{api.SITES}/{name}/deploy?wait={wait}"))

        waiting = [Thread(target=deploy, args=(name, 4)) for name in ("one", "two")]
        for thread in waiting:
            thread.start()
        while requested() != len(waiting):
            time.sleep(0.05)
        time.sleep(0.2)  # from its row to its wait
        deploy("three", 30)
        (answer,) = answers
        assert data(answer, 202)["deployment"]["deployment_status"] == "pending"

        for thread in waiting:
            thread.join(20)
        with worker():
            deploy("three", 20)
    assert data(answers[-1])["deployment"]["deployment_status"] == "successful"


def at_work() -> int:
    """How many other sessions of the database are in a transaction."""
    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        (found,) = cursor.fetchone()
    return int(found)


def requested() -> int:
    with tenancy.staff():
        return Deployment.objects.count()
