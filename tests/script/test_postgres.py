import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from script.support import postgres
from script.support.postgres import Postgres
from script.support.service import ServiceError, process_command

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change the user")


def ask(server: Postgres, query: str) -> object:
    with psycopg.connect(server.admin_url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def kill(server: Postgres) -> None:
    os.kill(server.pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while process_command(server.pid) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_start_answers_with_the_promised_settings(open_folder: Path) -> None:
    server = postgres.start(open_folder / "postgres", durable=True)

    settings = {name: ask(server, f"SHOW {name}") for name in
                ("server_encoding", "timezone", "max_connections", "fsync", "listen_addresses")}  # fmt: skip
    assert settings == {
        "server_encoding": "UTF8",
        "timezone": "UTC",
        "max_connections": "300",
        "fsync": "on",
        "listen_addresses": "127.0.0.1",
    }
    assert (
        ask(server, "SELECT format('%s %s', datlocprovider, datlocale) FROM pg_database LIMIT 1")
        == "b C.UTF-8"
    )


def test_start_is_fast_and_not_durable_where_asked(open_folder: Path) -> None:
    server = postgres.start(open_folder / "postgres", durable=False)

    assert [ask(server, f"SHOW {name}") for name in postgres.NOT_DURABLE] == ["off", "off", "off"]


def test_start_refuses_a_wrong_password(open_folder: Path) -> None:
    server = postgres.start(open_folder / "postgres", durable=False)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.url("postgres", user="postgres", password="wrong"))


def test_start_finds_the_running_one(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", durable=False)

    assert postgres.start(open_folder / "postgres", durable=False) == first
    assert postgres.is_running(open_folder / "postgres")


def test_stop_ends_it_and_start_keeps_rows_and_port(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", durable=False)
    with psycopg.connect(first.admin_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")

    postgres.stop(open_folder / "postgres")

    assert not postgres.is_running(open_folder / "postgres")
    second = postgres.start(open_folder / "postgres", durable=False)
    assert ask(second, "SELECT figure FROM kept") == 7
    assert second.port == first.port


def test_stop_does_nothing_where_none_runs(tmp_path: Path) -> None:
    postgres.stop(tmp_path / "never")

    assert not (tmp_path / "never").exists()


def test_start_recovers_what_was_acknowledged_before_a_kill(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", durable=True)
    with psycopg.connect(first.admin_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS figure")

    kill(first)

    assert ask(postgres.start(open_folder / "postgres", durable=True), "SELECT figure FROM kept") == 7


def test_start_ignores_a_stale_pid_that_another_program_has_now(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", durable=False)
    lines = (first.data / "postmaster.pid").read_text().splitlines()
    postgres.stop(open_folder / "postgres")
    (first.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert not postgres.is_running(open_folder / "postgres")
    assert postgres.start(open_folder / "postgres", durable=False).pid != os.getpid()


def test_start_takes_another_port_where_its_own_is_taken(open_folder: Path) -> None:
    first = postgres.start(open_folder / "postgres", durable=False)
    postgres.stop(open_folder / "postgres")

    with socket.create_server(("127.0.0.1", first.port)):
        second = postgres.start(open_folder / "postgres", durable=False)

    assert second.port != first.port
    assert ask(second, "SELECT 1") == 1


def test_start_names_damaged_data(open_folder: Path) -> None:
    server = postgres.start(open_folder / "postgres", durable=False)
    postgres.stop(open_folder / "postgres")
    (server.data / "global" / "pg_control").unlink()

    with pytest.raises(ServiceError, match=r"its data are damaged[\s\S]*pg_control"):
        postgres.start(open_folder / "postgres", durable=False)


@as_root
def test_start_names_a_full_disk(open_folder: Path) -> None:
    small = open_folder / "postgres"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m,mode=755", "tmpfs", small], check=False)
    if mounted.returncode != 0:
        pytest.skip("may not mount a small disk")
    try:
        with pytest.raises(ServiceError, match="the disk is full"):
            postgres.start(small, durable=False)
    finally:
        subprocess.run(["umount", small], check=True)


@as_root
def test_start_moves_elsewhere_where_its_user_cannot_reach(tmp_path: Path, elsewhere: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)

    server = postgres.start(closed / "postgres", durable=False)

    assert server.data.is_relative_to(elsewhere)
    assert (closed / "postgres" / "location").read_text().strip() == str(server.data.parent)
    assert server.data.parent.stat().st_mode & 0o777 == 0o700
    assert closed.stat().st_mode & 0o777 == 0o700
    assert postgres.start(closed / "postgres", durable=False) == server
    postgres.stop(closed / "postgres")


@as_root
def test_start_sets_aside_what_a_deleted_clone_left(tmp_path: Path, elsewhere: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    left = postgres.start(closed / "postgres", durable=False)
    shutil.rmtree(closed / "postgres")

    fresh = postgres.start(closed / "postgres", durable=False)

    assert fresh.password != left.password
    assert process_command(left.pid) is None
    assert len(list(elsewhere.glob("*-previous"))) == 1
    postgres.stop(closed / "postgres")
