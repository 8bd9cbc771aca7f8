"""The system's Chromium, which the tests marked `browser` drive."""

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of Chromium; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> bool:
    """Installs it by apt-get, where we may; whether it is there afterwards."""
    if find() is not None:
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if done.returncode != 0:
            print(done.stdout[-2000:])
            return False
    return find() is not None
