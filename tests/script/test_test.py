"""What `script/test` and `script/check` make of the processes they run."""

import json
import os
import sys
from pathlib import Path

import pytest

from script.support import check, test


@pytest.mark.parametrize(
    ("statuses", "green"),
    [
        ((0, 0), True),
        ((0, test.NOTHING_COLLECTED), True),
        ((test.NOTHING_COLLECTED, 0), True),
        ((test.NOTHING_COLLECTED, test.NOTHING_COLLECTED), False),
        ((1, 0), False),
        ((0, 1), False),
        ((0, 2), False),
        ((-9, 0), False),
    ],
)
def test_is_green_only_where_tests_ran_and_none_failed(statuses: tuple[int, ...], green: bool) -> None:
    assert test.is_green(*statuses) is green


def test_summary_adds_up_all_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = tmp_path / "counts"
    counts.write_text(
        "".join(json.dumps(line) + "\n" for line in ({"failed": 0, "passed": 3}, {"failed": 1, "passed": 2}))
    )
    monkeypatch.setattr(test, "COUNTS", counts)

    assert test.summary(61.5) == "=== 1 failed, 5 passed in 61.50s ==="


def test_summary_says_where_nothing_ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test, "COUNTS", tmp_path / "none")

    assert test.summary(1) == "=== no tests ran in 1.00s ==="


@pytest.mark.parametrize(("status", "passed"), [(0, True), (1, False), (-15, False)])
def test_check_tells_what_a_step_said_only_where_it_failed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: int, passed: bool
) -> None:
    end = f"os._exit({status})" if status >= 0 else f"os.kill(os.getpid(), {-status})"
    code = f"import os; print('line 7 is wrong', flush=True); {end}"

    assert check.run("a linter", [sys.executable, "-c", code], tmp_path, dict(os.environ)) is passed

    said = capsys.readouterr().out
    assert said.startswith("ok   a linter (" if passed else "FAIL a linter (")
    assert ("line 7 is wrong" in said) is not passed
