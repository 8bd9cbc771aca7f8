"""`child.py PARENT COMMAND…`: becomes the command, and has Linux end it when its parent is killed.

Run by its path, without the site's packages, so that it costs next to nothing.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # killed before it could be asked for
        sys.exit("The parent is gone.")
    os.execvp(command[0], command)  # noqa: S606 -- it is what this program is for


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
