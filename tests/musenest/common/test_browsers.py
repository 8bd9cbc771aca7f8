"""User-Agent headers in few words."""

import pytest
from django.utils import translation

from musenest.common import browsers

MOZILLA = "Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) %s"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        (MOZILLA % ("Windows NT 10.0; Win64; x64", "Chrome/140.0 Safari/537.36"), "Chrome on Windows"),
        (
            MOZILLA % ("Windows NT 10.0; Win64; x64", "Chrome/140.0 Safari/537.36 Edg/140.0"),
            "Edge on Windows",
        ),
        (
            MOZILLA % ("Macintosh; Intel Mac OS X 10_15_7", "Chrome/140.0 Safari/537.36 OPR/120.0"),
            "Opera on macOS",
        ),
        (MOZILLA % ("Macintosh; Intel Mac OS X 10_15_7", "Version/18.0 Safari/605.1.15"), "Safari on macOS"),
        (
            MOZILLA % ("iPhone; CPU iPhone OS 18_0 like Mac OS X", "Version/18.0 Mobile/15E148 Safari/604.1"),
            "Safari on iPhone",
        ),
        (MOZILLA % ("iPad; CPU OS 18_0 like Mac OS X", "CriOS/140.0 Mobile Safari/604.1"), "Chrome on iPad"),
        (
            MOZILLA % ("Linux; Android 15; SM-S918B", "SamsungBrowser/28.0 Chrome/130.0 Safari/537.36"),
            "Samsung Internet on Android",
        ),
        (MOZILLA % ("X11; CrOS x86_64 14541.0.0", "Chrome/140.0 Safari/537.36"), "Chrome on ChromeOS"),
        (MOZILLA % ("X11; Linux x86_64", "HeadlessChrome/140.0 Safari/537.36"), "Chrome on Linux"),
        ("Mozilla/5.0 Firefox/140.0", "Firefox"),
        ("curl/8.5.0", "curl"),
        ("python-httpx/0.28.1", "python-httpx"),
        ("<script>alert(1)</script>", "<script>alert(1)<"),
        ("x" * 500, "x" * 40),
        ("", ""),
    ],
)
def test_in_few_words(agent: str, words: str) -> None:
    assert browsers.named(agent) == words


def test_in_the_readers_language() -> None:
    with translation.override("de"):
        assert browsers.named("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0") == "Firefox unter Linux"
