"""Linters, then all tests: what `script/test` runs. Its arguments go to pytest.

Without arguments the linters run too, and the branches covered are counted. The tests marked `faults` kill
services and mostly wait: they run in a process of their own, on services of their own, beside everything
else, and what they said is told after it. The last line sums all up.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from script.support import check, chromium, nginx
from script.support.service import ServiceError

ROOT = Path(__file__).resolve().parents[2]
COUNTS = ROOT / "var" / "test-counts.json"
FAULTS_COVERED = ROOT / "var" / "faults-coverage"  # a folder of their own: others gather what lies in theirs
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
    COUNTS.unlink(missing_ok=True)
    coverage = WITH_COVERAGE if whole else ()
    with ThreadPoolExecutor() as beside:
        faults = beside.submit(kill_services, *coverage, *arguments, "-n", "0")
        template = beside.submit(make_template, "later")
        linted = check.main(ROOT) if whole else 0
        template.result()
        others = ["-n", WORKERS, "--dist", "worksteal", *coverage, *arguments]
        plain = run("later", "pytest", *others).returncode
    print(faults.result().stdout, flush=True)
    covered = report_coverage() if whole else 0
    print(summary(time.monotonic() - started), flush=True)
    return 0 if is_green(plain, faults.result().returncode) and not linted and not covered else 1


def kill_services(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The tests marked `faults`, and what they said."""
    make_template("now")
    shutil.rmtree(FAULTS_COVERED, ignore_errors=True)
    FAULTS_COVERED.mkdir(parents=True)
    covered = {"COVERAGE_FILE": str(FAULTS_COVERED / ".coverage")}
    return run("now", "pytest", *arguments, environment=covered, output=subprocess.PIPE)


def make_template(faults: str) -> None:
    """The migrated database of `tests/plugin.py`, made where no coverage is measured, which doubles its time.

    Says nothing: where it fails the tests try again, and tell why.
    """
    run(faults, "tests.plugin", output=subprocess.DEVNULL)


def run(
    faults: str,
    module: str,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    output: int | None = None,
) -> subprocess.CompletedProcess[str]:
    """A program of Python. What it says goes to the terminal, or all of it to `output`."""
    return subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ
        | {"MUSENEST_TEST_FAULTS": faults, "MUSENEST_TEST_COUNTS": str(COUNTS)}
        | dict(environment or {}),
        check=False,
        text=True,
        stdout=output,
        stderr=output and subprocess.STDOUT,
    )


def report_coverage() -> int:
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--append", "--quiet", FAULTS_COVERED], cwd=ROOT, check=False)
    return subprocess.run([*coverage, "report"], cwd=ROOT, check=False).returncode


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
