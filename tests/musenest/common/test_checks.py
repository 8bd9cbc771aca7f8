"""Unsafe settings do not boot."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django.fixtures import Settings

from musenest.common import checks, starting
from tests.production import SAFE

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.IS_PRODUCTION = True
    for name in ("SECRET_KEY", "JWT_SECRET", "SEAL_KEY"):
        setattr(settings, name, SAFE[name])
    settings.ENCRYPTION_KEYS = [SAFE["ENCRYPTION_KEYS"]]
    settings.ALLOWED_HOSTS = ["musenest.example"]
    settings.DEBUG = False
    return settings


def found() -> set[str | None]:
    return {error.id for error in checks.production_settings(None)}


def test_safe_settings_pass(production: Settings) -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "E001"),
        ("ALLOWED_HOSTS", [], "E002"),
        ("ALLOWED_HOSTS", ["musenest.example", "*"], "E002"),
        ("SECRET_KEY", "short", "E003"),
        ("JWT_SECRET", "a" * 60, "E003"),
        ("SEAL_KEY", "not-secret-seal_key-for-development-only-0123456789abcdef", "E003"),
        ("SECRET_KEY", "django-insecure-" + "abcdefghijkl" * 5, "E003"),
        ("SECRET_KEY", "Change-Me-q8fT2mZx0LrW5vYc7NbJ4sKd9HgP1aEu6RiXoQw3", "E003"),
        ("JWT_SECRET", SAFE["SECRET_KEY"], "E004"),
        ("ENCRYPTION_KEYS", [], "E005"),
        ("ENCRYPTION_KEYS", [SAFE["ENCRYPTION_KEYS"], "x"], "E005"),
        ("TRUSTED_PROXIES", ["10.0.0.1/8"], "E009"),
        ("TRUSTED_PROXIES", ["1", "10.0.0.0/8"], "E009"),
    ],
)
def test_an_open_door_is_refused_in_production_only(
    production: Settings, name: str, value: object, error: str
) -> None:
    setattr(production, name, value)
    assert found() == {f"musenest.{error}"}

    production.IS_PRODUCTION = False
    assert found() == set()


@pytest.mark.django_db
def test_the_applications_role_is_held_by_row_level_security() -> None:
    assert checks.role_errors() == []
    call_command("check", databases=["default"])


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *code.split("\n")],
        env=os.environ | SAFE | environment,
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize("who", ["DATABASE_ADMIN_URL", "DATABASE_OWNER_URL"])
def test_another_role_does_not_serve(committed_db: None, who: str) -> None:
    name = os.environ["DATABASE_URL"].rpartition("/")[2]
    url = os.environ[who]
    if not url.endswith(name):
        head, _, query = url.partition("?")
        url = head.rpartition("/")[0] + f"/{name}" + (f"?{query}" if query else "")

    done = run("-c\nimport musenest.wsgi", DATABASE_URL=url)

    assert done.returncode != 0
    assert "MuseNest does not start: The database role" in done.stderr


def test_safe_settings_serve_and_pass_the_deployment_check(committed_db: None) -> None:
    done = run("-c\nimport musenest.wsgi; print('serves')")
    assert "serves" in done.stdout, done.stderr

    done = run("manage.py\ncheck\n--deploy\n--database\ndefault\n--fail-level\nWARNING")
    assert done.returncode == 0, done.stderr


def test_a_duration_that_is_none_does_not_start() -> None:
    done = run("manage.py\ncheck", JWT_EXPIRES_IN="7days")

    assert done.returncode != 0
    assert "as in 7d, not 7days" in done.stderr


def test_an_address_that_ends_in_a_slash_makes_no_double_one() -> None:
    code = "-c\nimport django; from django.conf import settings; django.setup(); print(settings.BASE_URL)"

    assert run(code, BASE_URL="https://musenest.example/").stdout == "https://musenest.example\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "JWT_SECRET", "SEAL_KEY"])
def test_production_without_a_secret_does_not_start(name: str) -> None:
    done = run("manage.py\ncheck", **{name: ""})

    assert done.returncode != 0
    assert f"{name} must be set in production" in done.stderr


def test_refusing_names_every_reason(production: Settings, db: None) -> None:
    production.DEBUG, production.ALLOWED_HOSTS = True, ["*"]

    with pytest.raises(ImproperlyConfigured, match=r"DEBUG.*ALLOWED_HOSTS"):
        starting.refuse_to_serve()
    with pytest.raises(SystemCheckError):
        call_command("check")
