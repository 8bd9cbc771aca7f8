"""A kind of work for tests: notifications, done by whatever function the test says."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest

from accounts.models import Notification, Organization, Person
from musenest.common import tenancy, work
from musenest.common.work import running
from tests import samples

KIND = "test"


@dataclass
class Bench:
    """Makes rows of the kind, and says who does them."""

    organization: Organization
    person: Person
    done: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    run: Callable[[Any], None] = lambda item: None
    on_failed: Callable[[Any], None] = lambda item: None

    def item(self, **fields: Any) -> Notification:
        row = Notification(organization=self.organization, person=self.person, template="t", **fields)
        with tenancy.organization(self.organization.pk):
            return work.enqueue(row)

    def fresh(self, item: Notification) -> Notification:
        with tenancy.staff():
            return Notification.objects.get(pk=item.pk)

    def ring(self, item: Notification) -> Notification:
        work.run(KIND, str(item.pk))
        return self.fresh(item)

    def _run(self, item: Notification) -> None:
        self.done.append(str(item.pk))
        self.run(item)

    def _failed(self, item: Notification, reason: str) -> None:
        self.failed.append((str(item.pk), reason))
        self.on_failed(item)

    def register(self, **options: Any) -> None:
        work.register(
            Notification, kind=KIND, run=self._run, failed=self._failed, **{"max_attempts": 3, **options}
        )


def claimed(item: Notification) -> Notification:
    """The row as a worker has it that was then killed."""
    found = running.claim(work.kinds[KIND], str(item.pk))
    assert isinstance(found, Notification)
    return found


def make() -> Iterator[Bench]:
    organization = samples.organization()
    with mock.patch.dict(work.kinds, clear=True):
        bench = Bench(organization, samples.person())
        bench.register(lease=timedelta(seconds=30))
        yield bench


@pytest.fixture
def bench(db: None) -> Iterator[Bench]:
    yield from make()


@pytest.fixture
def committed_bench(committed_db: None) -> Iterator[Bench]:
    yield from make()
