import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from script.support import preflight
from script.support.service import ServiceError, choose_port

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set-up repository whose two ports are free."""
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".musenest").touch()
    monkeypatch.setenv("PORT", str(choose_port()))
    monkeypatch.setenv("MODERATION_PORT", str(choose_port()))
    return tmp_path


def test_check_passes_where_nothing_is_wrong(root: Path) -> None:
    preflight.check(root)


@pytest.mark.parametrize("name", ["PORT", "MODERATION_PORT"])
def test_check_names_a_taken_port_and_its_variable(root: Path, name: str) -> None:
    with (
        socket.create_server(("127.0.0.1", int(os.environ[name]))),
        pytest.raises(ServiceError, match=rf"^Port {os.environ[name]} is taken .* set {name} "),
    ):
        preflight.check(root)


def test_check_names_the_server_that_runs(root: Path) -> None:
    with preflight.lock(root):
        (root / "var" / "run" / "server.pid").write_text("4711\n")

        with pytest.raises(ServiceError, match=r"\(process 4711\)"):
            preflight.check(root)

    preflight.check(root)


def test_check_names_a_full_disk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "FREE_LATER", 10**9)

    with pytest.raises(ServiceError, match="The disk is full"):
        preflight.check(root)


def test_check_asks_for_more_room_at_the_first_start(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / ".venv" / ".musenest").unlink()
    monkeypatch.setattr(preflight, "FREE_AT_FIRST", 10**9)

    with pytest.raises(ServiceError, match="are needed"):
        preflight.check(root)


def test_preflight_needs_nothing_installed(root: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}

    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            "import script.support.preflight as p, sys; print('psycopg' in sys.modules)",
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "False\n"
