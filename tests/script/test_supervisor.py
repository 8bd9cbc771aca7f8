"""The supervisor, with small programs in place of MuseNest's, in a process of its own as when served."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from script.support.service import process_command

REPOSITORY = Path(__file__).resolve().parents[2]
SLEEPER = "import time; print('at work', flush=True); time.sleep(300)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"
PARENT = (
    "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(301)']).wait()"
)

Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def supervise(tmp_path: Path) -> Run:
    """Starts a supervisor of the given programs (name to source) that prints `started` once all run."""

    def run(**programs: str) -> "subprocess.Popen[str]":
        source = textwrap.dedent(f"""
            import os, sys
            from pathlib import Path
            from script.support.service import ServiceError
            from script.support.supervisor import *
            stop_on_signals()
            supervisor = Supervisor(Path({str(tmp_path)!r}), dict(os.environ), grace_seconds=1.0)
            status = 0
            try:
                for name, code in {programs!r}.items():
                    supervisor.start(Program(name, [sys.executable, "-c", code]))
                print("started", flush=True)
                supervisor.run()
            except Stopped:
                print("stopped", flush=True)
            except ServiceError as error:
                print(error, flush=True)
                status = 1
            finally:
                ignore_signals()
                supervisor.stop()
            sys.exit(status)
        """)
        process = subprocess.Popen(
            [sys.executable, "-c", source],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        return process

    return run


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def pid_of(folder: Path, name: str) -> int:
    path = folder / "var" / "run" / f"{name}.pid"
    until(path.exists)
    return int(path.read_text())


def works(folder: Path, name: str) -> bool:
    log = folder / "var" / "log" / f"{name}.log"
    return log.exists() and "at work" in log.read_text()


def children_of(pid: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signal_ends_everything_with_status_0(supervise: Run, tmp_path: Path, number: signal.Signals) -> None:
    process = supervise(one=SLEEPER, two=SLEEPER)
    pids = [pid_of(tmp_path, "one"), pid_of(tmp_path, "two")]

    process.send_signal(number)
    said, _ = process.communicate(timeout=60)

    assert (process.returncode, said) == (0, "stopped\n")
    assert [process_command(pid) for pid in pids] == [None, None]
    assert list((tmp_path / "var" / "run").iterdir()) == []


def test_signal_kills_what_will_not_end(supervise: Run, tmp_path: Path) -> None:
    process = supervise(stubborn=STUBBORN)
    pid = pid_of(tmp_path, "stubborn")
    until(lambda: works(tmp_path, "stubborn"))

    started = time.monotonic()
    process.terminate()
    process.communicate(timeout=60)

    assert time.monotonic() - started > 0.9
    assert process_command(pid) is None


def test_signal_leaves_no_grandchildren(supervise: Run, tmp_path: Path) -> None:
    process = supervise(parent=PARENT)
    pid = pid_of(tmp_path, "parent")
    until(lambda: len(children_of(pid)) == 1)
    (grandchild,) = children_of(pid)

    process.terminate()
    process.communicate(timeout=60)

    until(lambda: process_command(grandchild) is None)


def test_dead_program_is_named_and_ends_the_others(supervise: Run, tmp_path: Path) -> None:
    process = supervise(good=SLEEPER, bad="import sys; print('no such table', flush=True); sys.exit(3)")
    pid = pid_of(tmp_path, "good")

    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said == "bad ended with status 3. Its log ends:\nno such table\n"
    assert process_command(pid) is None


def test_killed_program_is_named_with_its_signal(supervise: Run, tmp_path: Path) -> None:
    process = supervise(one=SLEEPER)
    until(lambda: works(tmp_path, "one"))

    os.kill(pid_of(tmp_path, "one"), signal.SIGKILL)
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said == "one ended with signal SIGKILL. Its log ends:\nat work\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends the children")
def test_programs_end_when_the_supervisor_is_killed(supervise: Run, tmp_path: Path) -> None:
    process = supervise(one=SLEEPER)
    pid = pid_of(tmp_path, "one")
    until(lambda: works(tmp_path, "one"))

    process.kill()
    process.communicate(timeout=60)

    until(lambda: process_command(pid) is None)


def test_large_log_is_set_aside(supervise: Run, tmp_path: Path) -> None:
    log = tmp_path / "var" / "log" / "one.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * (10 * 1024 * 1024 + 1))

    process = supervise(one=SLEEPER)
    until(lambda: works(tmp_path, "one"))
    process.terminate()
    process.communicate(timeout=60)

    assert log.read_text() == "at work\n"
    assert log.with_name("one.log.1").stat().st_size > 10 * 1024 * 1024
