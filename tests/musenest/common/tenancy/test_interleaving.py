"""Many organisations' requests on few persistent connections, some failing half-way: nobody meets another's
row.
"""

import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, connection, transaction

from accounts.models import WebhookEndpoint
from musenest.common import tenancy
from tests import samples

ORGANIZATIONS = 20
REQUESTS = 2000
CONNECTIONS = 2
FAILING = 0.1


class HalfWayError(Exception):
    """A request that ends in the middle of its transaction."""


class Requests:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.organizations = [samples.organization(f"Tenant {number}") for number in range(ORGANIZATIONS)]
        for each in self.organizations:
            samples.endpoint(each)
        self.foreign: list[str] = []
        self.unscoped: list[str] = []
        self.failed = 0
        self.sessions: set[int] = set()
        self.lock = threading.Lock()

    def plan(self) -> list[tuple[int, str, int]]:
        """(organisation, how it goes, how deep its transactions are) of each request."""
        return [
            (
                self.random.randrange(ORGANIZATIONS),
                self.random.choice(["raise", "break"]) if self.random.random() < FAILING else "end",
                self.random.randrange(3),
            )
            for _ in range(REQUESTS)
        ]

    def serve(self, request: tuple[int, str, int]) -> None:
        number, how, depth = request
        organization = self.organizations[number]
        try:
            with tenancy.organization(organization.pk):
                self.nested(organization.pk, how, depth)
        except (HalfWayError, DatabaseError):
            with self.lock:
                self.failed += 1
        left = WebhookEndpoint.objects.count()
        with self.lock:
            self.sessions.add(connection.connection.info.backend_pid)
            if left:
                self.unscoped.append(f"{request}: {left} rows without a scope")

    def nested(self, organization: object, how: str, depth: int) -> None:
        self.look(organization)
        if depth:
            with transaction.atomic():
                self.nested(organization, how, depth - 1)
        elif how == "raise":
            raise HalfWayError
        elif how == "break":
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        self.look(organization)

    def look(self, organization: object) -> None:
        seen = list(WebhookEndpoint.objects.values_list("organization_id", flat=True))
        if seen != [organization]:
            with self.lock:
                self.foreign.append(f"{organization} saw {seen}")


def test_interleaved_requests_see_no_foreign_row(committed_db: None) -> None:
    seed = int(os.environ.get("SEED", "0")) or random.randrange(2**32)
    print(f"seed {seed}")
    requests = Requests(seed)
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(requests.serve, requests.plan()))
        for _ in range(CONNECTIONS):
            pool.submit(connection.close)

    assert requests.foreign == []
    assert requests.unscoped == []
    assert len(requests.sessions) == CONNECTIONS
    assert REQUESTS * FAILING / 2 < requests.failed < REQUESTS * FAILING * 2
