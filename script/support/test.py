"""Linters, then all tests: what `script/test` runs. Its arguments go to pytest.

Without arguments the linters run first, and the branches covered are counted. The tests marked `faults` kill
services: they run afterwards in a process of their own, on services of their own. The last line sums both up.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from script.support import check, chromium, nginx
from script.support.service import ServiceError

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "var" / "test-counts.json"
NOTHING_COLLECTED = 5
WORKERS = "2"
WITH_COVERAGE = ("--cov", "--cov-report=", "--cov-fail-under=0")


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    if not chromium.install():
        print(
            "Chromium is missing and could not be installed: the tests marked browser are SKIPPED.",
            flush=True,
        )
    if not nginx.install():
        print("nginx is missing and could not be installed: the tests of the proxy are SKIPPED.", flush=True)
    whole = not arguments
    linted = check.main(ROOT) if whole else 0
    COUNTS.unlink(missing_ok=True)
    coverage = WITH_COVERAGE if whole else ()
    plain = pytest("later", "-n", WORKERS, *coverage, *arguments)
    faults = pytest("now", *coverage, *(["--cov-append"] if whole else []), *arguments, "-n", "0")
    covered = report_coverage() if whole else 0
    print(summary(time.monotonic() - started), flush=True)
    return 0 if is_green(plain, faults) and not linted and not covered else 1


def pytest(faults: str, *arguments: str) -> int:
    environment = os.environ | {"MUSENEST_TEST_FAULTS": faults, "MUSENEST_TEST_COUNTS": str(COUNTS)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode


def report_coverage() -> int:
    return subprocess.run([sys.executable, "-m", "coverage", "report"], cwd=ROOT, check=False).returncode


def is_green(*statuses: int) -> bool:
    """No process failed, and not all of them were without tests."""
    ran = [status for status in statuses if status != NOTHING_COLLECTED]
    return bool(ran) and not any(ran)


def summary(seconds: float) -> str:
    """One line as pytest's own, over all processes."""
    counts: Counter[str] = Counter()
    if COUNTS.exists():
        for line in COUNTS.read_text().splitlines():
            counts.update(json.loads(line))
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count)
    return f"=== {told or 'no tests ran'} in {seconds:.2f}s ==="


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except ServiceError as error:
        sys.exit(str(error))
