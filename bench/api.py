"""A signed-in and limited request beside DRF with simplejwt and DRF's own throttle, doing the same.

Both answer `GET /api/users/profile`: whose token it is, whether that person is active and for which
organisation it asks, whether there were too many requests, and what the person says about itself. Each runs
as one granian worker on one core, with the same PostgreSQL, Valkey and people; the client has the other one,
and PostgreSQL and Valkey take of both. First both must give the same answer, then they are loaded in turns (A
B A B …), and the median of the pairs' ratios counts. Before every turn the counters are emptied, so that
nobody reaches a limit.
"""

import argparse
import asyncio
import base64
import hashlib
import itertools
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import redis

from script.support import testing

ROOT = Path(__file__).resolve().parents[1]
TARGET = 2.5
PEOPLE, CONNECTIONS, THREADS = 400, 8, 8
PATH = "/api/users/profile"
OK, UNAUTHORIZED = 200, 401
LENGTH = re.compile(rb"(?i)content-length: (\d+)")
OURS = "musenest.settings"
SECRETS = ("SECRET_KEY", "JWT_SECRET", "SEAL_KEY")
PEER_SETTINGS = """
from musenest.settings import *
ROOT_URLCONF = "peer_urls"
DATABASES["default"] |= {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": None,
                         "CONN_HEALTH_CHECKS": False, "OPTIONS": {"prepare_threshold": 5}}
CACHES["default"]["KEY_PREFIX"] = "peer"
SIMPLE_JWT |= {"USER_ID_CLAIM": "sub"}
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.common.CommonMiddleware",
              "django.middleware.csrf.CsrfViewMiddleware",
              "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware",
              "django.middleware.clickjacking.XFrameOptionsMiddleware",
              "allauth.account.middleware.AccountMiddleware"]  # its app does not start without
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "100/minute"},
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
"""
PEER_URLS = """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()

from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

class ProfileSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="person.id")
    email = serializers.EmailField(source="person.email")
    name = serializers.CharField(source="person.name")
    locale = serializers.CharField(source="person.locale")
    time_zone = serializers.CharField(source="person.time_zone")
    preferences = serializers.DictField()
    has_v0_api_key = serializers.SerializerMethodField()
    def get_has_v0_api_key(self, profile):
        return bool(profile.v0_api_key)

class ProfileView(APIView):
    def get(self, request):
        from accounts.models import Membership, Profile
        member = Membership.objects.filter(person=request.user).select_related("organization").order_by(
            "created_at", "id").first()
        if member is None:
            raise PermissionDenied
        profile = Profile.objects.filter(person=request.user).select_related("person").first() or Profile(
            person=request.user)
        return Response({"success": True, "data": ProfileSerializer(profile).data, "message": "",
                         "timestamp": timezone.now().isoformat()})

urlpatterns = [path("api/users/profile", ProfileView.as_view())]
"""
SEED = """
import django, json, sys
django.setup()
from accounts.services import organizations, people, tokens
from musenest.common.actors import SYSTEM
found = []
for number in range(int(sys.argv[1])):
    person = people.create(email=f"{number}@bench.test", password="x" * 20, by=SYSTEM)
    organizations.create(name=f"Bench {number}", owner=person, by=SYSTEM)
    found.append(tokens.begin(person).access)
print(json.dumps(found))
"""


@contextmanager
def services() -> Iterator[tuple[dict[str, str], redis.Redis]]:
    """PostgreSQL and Valkey with a migrated database: the environment that finds them, and a client."""
    folder = ROOT / "var" / "bench"
    found = testing.start(folder, durable=False)
    try:
        name, url = found.database("main"), found.valkey.database(0)
        testing.clone(found.postgres, testing.template(found.postgres, folder), name)
        with redis.Redis.from_url(url) as client:
            yield testing.urls(found.postgres, name) | {"REDIS_URL": url}, client
    finally:
        found.stop()


def environment(urls: dict[str, str]) -> dict[str, str]:
    """Production's settings, but over plain HTTP."""
    secrets = {name: hashlib.sha256(name.encode()).hexdigest() for name in SECRETS}
    plain = {"ENVIRONMENT": "production", "ALLOWED_HOSTS": "127.0.0.1", "SECURE_SSL_REDIRECT": "false"}
    key = base64.urlsafe_b64encode(b"b" * 32).decode()
    return os.environ | urls | secrets | plain | {"ENCRYPTION_KEYS": key}


@contextmanager
def web(application: str, values: dict[str, str]) -> Iterator[int]:
    """One granian worker on the first core, until it answers."""
    port = free_port()
    command = ["taskset", "-c", "0", str(Path(sys.executable).with_name("granian")), application]
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    limits = ["--workers", "1", "--blocking-threads", str(THREADS), "--no-access-log"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [*command, *options, *limits], cwd=ROOT, env=values, stdout=log, stderr=log
        )
        try:
            deadline = time.monotonic() + 60
            while not is_up(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    sys.exit(f"{application} did not start:\n{log.read().decode()[-3000:]}")
                time.sleep(0.2)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{PATH}", timeout=5).status_code == UNAUTHORIZED
    except httpx.HTTPError:
        return False


class Asking(asyncio.Protocol):
    """One connection that asks for the next person as soon as it has an answer."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests, self.until = requests, until
        self.answered, self.refused = 0, b""
        self.over = asyncio.get_running_loop().create_future()
        self.read = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.read += data
        head, ended, body = self.read.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not ended or (length and len(body) < int(length[1])):
            return
        self.read = b""
        self.answered += 1
        if not head.startswith(b"HTTP/1.1 200"):
            self.refused = head + body
        if self.refused or time.perf_counter() > self.until:
            self.transport.close()
            self.over.set_result(None)
        else:
            self.transport.write(next(self.requests))


async def loaded(port: int, tokens: list[str], seconds: float) -> float:
    """Answers a second to all connections together; exits where one was not 200."""
    line = "GET {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer {}\r\nAccept: */*\r\n\r\n"
    requests = itertools.cycle(line.format(PATH, port, token).encode() for token in tokens)
    begun = time.perf_counter()
    loop = asyncio.get_running_loop()
    asking = [
        (await loop.create_connection(lambda: Asking(requests, begun + seconds), "127.0.0.1", port))[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(each.over for each in asking))
    if refused := next((each.refused for each in asking if each.refused), b""):
        sys.exit(f"An answer was not 200:\n{refused.decode()[:2000]}")
    return sum(each.answered for each in asking) / (time.perf_counter() - begun)


def same_answer(ports: dict[str, int], token: str) -> None:
    """Both say the same about one person, and the same to a credential that is not good."""
    for credential, status in ((token, 200), (token[:-2], UNAUTHORIZED)):
        headers = {"Authorization": f"Bearer {credential}"}
        answers = [
            httpx.get(f"http://127.0.0.1:{port}{PATH}", headers=headers, timeout=10)
            for port in ports.values()
        ]
        if {answer.status_code for answer in answers} != {status}:
            sys.exit(f"They answer differently: {[answer.text for answer in answers]}")
        if status == OK and len({json.dumps(answer.json()["data"]) for answer in answers}) != 1:
            sys.exit(f"They say different things: {[answer.text for answer in answers]}")


def run(rounds: int, seconds: float) -> bool:
    with ExitStack() as stack:
        urls, valkey = stack.enter_context(services())
        values = environment(urls)
        seeded = subprocess.run(
            [sys.executable, "-c", SEED, str(PEOPLE)],
            cwd=ROOT, env=values | {"DJANGO_SETTINGS_MODULE": OURS}, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
        tokens = json.loads(seeded.stdout.splitlines()[-1])
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "peer_settings.py").write_text(PEER_SETTINGS)
        (folder / "peer_urls.py").write_text(PEER_URLS)
        name = urls["DATABASE_URL"].rpartition("/")[2]
        peer = values | {
            "DJANGO_SETTINGS_MODULE": "peer_settings", "PYTHONPATH": f"{folder}:{ROOT}",
            "DATABASE_URL": urls["DATABASE_ADMIN_URL"].rpartition("/")[0] + f"/{name}",
        }  # fmt: skip
        ports = {
            "ours": stack.enter_context(web("musenest.wsgi:application", values)),
            "peer": stack.enter_context(web("peer_urls:application", peer)),
        }
        same_answer(ports, tokens[0])
        os.sched_setaffinity(0, {1})
        rates: dict[str, list[float]] = {"ours": [], "peer": []}
        for number in range(rounds + 1):
            for who, port in ports.items():
                valkey.flushdb()
                rate = asyncio.run(loaded(port, tokens, seconds))
                if number:  # the first turn warms up
                    rates[who].append(rate)
    return told(rates)


def told(rates: dict[str, list[float]]) -> bool:
    ratios = [ours / peer for ours, peer in zip(rates["ours"], rates["peer"], strict=True)]
    ratio = statistics.median(ratios)
    print(f"rounds                  {len(ratios)}, {CONNECTIONS} connections, the same answers")
    for who, name in (("ours", "MuseNest"), ("peer", "DRF, simplejwt, its throttle")):
        print(f"{name:28} {statistics.median(rates[who]):7.0f} a second")
    print(f"ratio, median of the pairs  {ratio:8.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"must be                     {TARGET:8.2f}: {'met' if ratio >= TARGET else 'MISSED'}")
    return ratio >= TARGET


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="5 rounds of 2 seconds instead of 15 of 4")
    sys.exit(0 if run(*((5, 2) if parser.parse_args().quick else (15, 4))) else 1)
