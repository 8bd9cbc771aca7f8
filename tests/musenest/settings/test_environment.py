"""What the environment says, read as the settings mean it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from musenest.settings.environment import duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("30m", timedelta(minutes=30)),
        ("9s", timedelta(seconds=9)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text: str, expected: timedelta) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "7", "d", "7 d", "7w", "7days", "-1d", "٧d", "9999999999d"])
def test_with_another_one_nothing_starts(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        duration(text)
