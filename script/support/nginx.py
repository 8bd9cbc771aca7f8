"""Debian's nginx, in which the tests of the proxy run the configuration of `deploy/`."""

import os
import shutil

from script.support import apt


def find() -> str | None:
    """The path of nginx, which stands where programs of the system do; None where there is none."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


def install() -> bool:
    """Installs it by apt-get, where we may; whether it is there afterwards."""
    return find() is not None or (apt.install("nginx-light") and find() is not None)
