"""What must not go to production is told by `check --deploy`, with an id and a hint."""

from datetime import timedelta

import pytest
from django.core.checks import CheckMessage
from django.utils import timezone
from pytest_django.fixtures import Settings

from musenest.common import deployment_checks
from tests.production import SAFE


@pytest.fixture
def production(settings: Settings) -> Settings:
    settings.IS_PRODUCTION = True
    settings.BASE_URL = SAFE["BASE_URL"]
    settings.METRICS_TOKEN = SAFE["METRICS_TOKEN"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.CSRF_TRUSTED_ORIGINS = ["https://musenest.example"]
    settings.EGRESS_ALLOW = ["moderation.example:443"]
    settings.EMAIL_BACKEND = "anymail.backends.sendgrid.EmailBackend"
    settings.RATE_LIMIT_ENABLED = settings.STAFF_MFA_REQUIRED = True
    settings.TRUSTED_PROXIES = ["1"]
    return settings


def found() -> list[CheckMessage]:
    return deployment_checks.deployment(None)


def test_safe_settings_pass(production: Settings) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("IS_PRODUCTION", False, "E100"),
        ("BASE_URL", "http://musenest.example", "E101"),
        ("BASE_URL", "https://127.0.0.1:3000", "E101"),
        ("BASE_URL", "https://[::1]", "E101"),
        ("BASE_URL", "https://localhost", "E101"),
        ("CSRF_TRUSTED_ORIGINS", ["https://musenest.example", "http://musenest.example"], "E102"),
        ("SESSION_COOKIE_SECURE", False, "E103"),
        ("CSRF_COOKIE_SECURE", False, "E103"),
        ("SESSION_COOKIE_HTTPONLY", False, "E103"),
        ("EGRESS_ALLOW", ["127.0.0.1:5000"], "E104"),
        ("EGRESS_ALLOW", ["10.0.0.7:443"], "E104"),
        ("EGRESS_ALLOW", ["169.254.169.254:80"], "E104"),
        ("EGRESS_ALLOW", ["[fd00::7]:443"], "E104"),
        ("EGRESS_ALLOW", ["postgres:5432"], "E104"),
        ("EGRESS_ALLOW", ["vault.internal:8200"], "E104"),
        ("SECURE_PROXY_SSL_HEADER", None, "E105"),
        ("METRICS_TOKEN", "", "E106"),
        ("TRUSTED_PROXIES", [], "E112"),
        ("RATE_LIMIT_ENABLED", False, "E107"),
        ("STAFF_MFA_REQUIRED", False, "E108"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "E109"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "E109"),
        ("TIME_ZONE", "Europe/Berlin", "E110"),
        ("CELERY_TIMEZONE", "Europe/Berlin", "E110"),
        ("USE_TZ", False, "E110"),
    ],
)
def test_a_setting_that_must_not_go_to_production_is_told_with_a_hint(
    production: Settings, name: str, value: object, error: str
) -> None:
    setattr(production, name, value)

    messages = found()

    assert [message.id for message in messages] == [f"musenest.{error}"]
    assert messages[0].hint


@pytest.mark.django_db
def test_a_database_with_another_clock_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert deployment_checks.database_clock(None, ["default"]) == []

    late = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr(timezone, "now", lambda: late)

    assert [each.id for each in deployment_checks.database_clock(None, ["default"])] == ["musenest.E111"]
    assert deployment_checks.database_clock(None, None) == []
