"""Debian's packages that tests need, installed where we may."""

import os
import shutil
import subprocess


def install(package: str) -> bool:
    """Whether apt-get installed it; False where there is none, or we are not root."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", package]):
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
    return True
