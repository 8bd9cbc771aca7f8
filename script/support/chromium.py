"""The system's Chromium, which the tests marked `browser` drive."""

import shutil

from script.support import apt

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> bool:
    """Installs it by apt-get, where we may; whether it is there afterwards."""
    return find() is not None or (apt.install("chromium") and find() is not None)
