"""One Idempotency-Key sent many times at one moment, over a real port."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
from pytest_django.live_server_helper import LiveServer
from werkzeug import Request, Response

from billing.selectors import usage
from moderation.models import Decision
from tests import samples
from tests.fake_server import FakeServer, answered
from tests.moderation.server.samples import bundled
from tests.samples import api

MANY = 8


def test_many_twins_are_one_analysis(live_site: LiveServer, fake: FakeServer) -> None:
    def slowly(request: Request) -> Response:
        time.sleep(0.5)
        return answered(request)

    fake.analyze = slowly
    samples.server(port=fake.port)
    acme = samples.customer()
    samples.deployed(acme)
    start, picture = Barrier(MANY), bundled("chelsea.png")
    headers = {"Authorization": api.bearer(acme.owner), "Idempotency-Key": "one-upload"}

    def send(_: int) -> httpx.Response:
        with httpx.Client(base_url=live_site.url, timeout=30, headers=headers) as client:
            start.wait(20)
            return client.post(api.ANALYZE, data={"site": "acme-family"}, files={"image": ("p", picture)})

    with ThreadPoolExecutor(MANY) as pool:
        answers = list(pool.map(send, range(MANY)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1
    assert statuses.count(409) == MANY - 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["error"]["code"] == "IDEMPOTENCY_IN_FLIGHT"
            assert int(answer.headers["Retry-After"]) > 0
    replayed = httpx.post(
        live_site.url + api.ANALYZE,
        data={"site": "acme-family"},
        files={"image": ("other", picture)},
        headers=headers,
    )
    (first,) = [answer for answer in answers if answer.status_code == 200]
    assert (replayed.headers["Idempotent-Replayed"], replayed.json()) == ("true", first.json())
    assert len(fake.seen) == 1
    with acme.scope():
        assert usage.used_this_month(acme.organization) == Decision.objects.count() == 1
