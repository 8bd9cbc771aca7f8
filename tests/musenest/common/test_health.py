"""Is everything there? In one word for machines, in figures for staff."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from musenest.common import health, tenancy
from tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test has found is forgotten."""
    monkeypatch.setattr(health, "latest", None, raising=False)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> str:
        raise OSError("10.0.0.7 refused")

    monkeypatch.setitem(health.checks, "database", (gone, True))


def test_health_touches_nothing(client: Client, broken: None) -> None:
    assert client.get("/health").json() == {"status": "healthy"}


def test_every_dependency_is_told_in_one_word(client: Client) -> None:
    answer = client.get("/api/health")

    assert answer.status_code == 200
    assert answer.json()["data"]["services"].keys() == health.checks.keys()
    assert answer.json()["data"]["services"] == {
        "database": "healthy",
        "redis": "healthy",
        "stripe": "not configured",
    }


def test_a_vital_dependency_that_is_missing_is_503_without_its_words(client: Client, broken: None) -> None:
    for path in ("/api/health", "/status"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "10.0.0.7" not in answer.content.decode()
        assert "unhealthy" in answer.content.decode()


def test_another_dependency_that_is_missing_is_told_and_no_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> str:
        raise OSError

    monkeypatch.setitem(health.checks, "mail", (gone, False))

    assert client.get("/api/health").json()["data"]["services"]["mail"] == "unhealthy"


def test_queues_are_told_to_staff_only(client: Client) -> None:
    def told() -> set[str]:
        return set(client.get("/status").json())

    assert "work" not in told()
    for is_staff in (False, True):
        with tenancy.staff():
            client.force_login(samples.person(is_staff=is_staff))
        assert ("work" in told()) is is_staff


def test_words_about_a_dependency_are_told_to_staff_only(client: Client) -> None:
    def told() -> dict[str, dict[str, str]]:
        return dict(client.get("/status").json()["services"])

    assert "PostgreSQL" not in str(told())
    assert told()["database"].keys() == {"status", "milliseconds"}
    for is_staff in (False, True):
        with tenancy.staff():
            client.force_login(samples.person(is_staff=is_staff))
        assert ("PostgreSQL" in str(told())) is is_staff


def test_many_questions_are_one_examination(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setitem(health.checks, "mail", (lambda: asked.append(1), False))

    for path in ("/status", "/api/health", "/status", "/api/health"):
        assert client.get(path).status_code == 200
    assert len(asked) == 1

    monkeypatch.setattr(health, "HOLDS_FOR", 0)
    assert client.get("/status").status_code == 200
    assert len(asked) == 2


def test_threads_that_ask_at_once_share_one_examination(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def slow() -> None:
        asked.append(1)
        time.sleep(0.2)

    monkeypatch.setattr(health, "checks", {"slow": (slow, True)})
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: health.examine(), range(4)))

    assert len(asked) == 1
    assert all(is_healthy for is_healthy, _ in found)


@pytest.mark.parametrize(
    ("token", "sent", "address", "status"),
    [
        ("", "", "127.0.0.1", 200),
        ("", "", "203.0.113.9", 403),
        ("t0ken", "Bearer t0ken", "203.0.113.9", 200),
        ("t0ken", "", "127.0.0.1", 403),
        ("t0ken", "Bearer wrong", "127.0.0.1", 403),
        ("t0ken", "Bearer té", "127.0.0.1", 403),
    ],
)
def test_metrics_are_for_who_has_the_token(
    client: Client, settings: Settings, token: str, sent: str, address: str, status: int
) -> None:
    settings.METRICS_TOKEN = token

    answer = client.get("/metrics", HTTP_AUTHORIZATION=sent, REMOTE_ADDR=address)

    assert answer.status_code == status


BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_a_browser_is_shown_a_page_and_a_program_json(client: Client) -> None:
    page = client.get("/status", headers=BROWSER)

    assert page["Content-Type"].startswith("text/html")
    assert "Accept" in page["Vary"]
    assert "Everything that MuseNest needs answers." in page.text
    assert "Not set up" in page.text
    assert client.get("/status", headers={"Accept": "*/*"}).json()["status"] == "healthy"


def test_the_page_tells_what_is_missing_without_its_words(client: Client, broken: None) -> None:
    page = client.get("/status", headers=BROWSER)

    assert page.status_code == 503
    assert "Does not answer" in page.text
    assert "10.0.0.7" not in page.text


def test_the_page_tells_queues_and_versions_to_staff_only(client: Client) -> None:
    for is_staff in (False, True):
        with tenancy.staff():
            client.force_login(samples.person(is_staff=is_staff))
        page = client.get("/status", headers=BROWSER).text
        assert ("PostgreSQL 1" in page) is is_staff
        assert ("site_removal" in page) is is_staff
