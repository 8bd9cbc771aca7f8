import os
import signal
import socket
import time
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from script.support import valkey
from script.support.service import process_command


def test_start_answers_and_is_found_again(open_folder: Path) -> None:
    server = valkey.start(open_folder / "valkey")

    assert redis.Redis.from_url(server.url).ping()
    assert valkey.start(open_folder / "valkey") == server
    assert valkey.is_running(open_folder / "valkey")


def test_start_refuses_who_has_no_password(open_folder: Path) -> None:
    server = valkey.start(open_folder / "valkey")

    with pytest.raises(redis.AuthenticationError):
        redis.Redis(host=server.host, port=server.port, retry=Retry(NoBackoff(), 0)).ping()


def test_start_shows_its_password_to_nobody(open_folder: Path) -> None:
    server = valkey.start(open_folder / "valkey")

    assert server.password not in (process_command(server.pid) or "")
    assert (open_folder / "valkey" / "valkey.json").stat().st_mode & 0o777 == 0o600


def test_start_begins_empty_after_a_kill(open_folder: Path) -> None:
    first = valkey.start(open_folder / "valkey")
    redis.Redis.from_url(first.url).set("counter", 7)
    os.kill(first.pid, signal.SIGKILL)
    while process_command(first.pid) is not None:
        time.sleep(0.02)

    second = valkey.start(open_folder / "valkey")

    assert second.port == first.port
    assert redis.Redis.from_url(second.url).get("counter") is None


def test_start_takes_another_port_where_its_own_is_taken(open_folder: Path) -> None:
    first = valkey.start(open_folder / "valkey")
    valkey.stop(open_folder / "valkey")
    assert not valkey.is_running(open_folder / "valkey")

    with socket.create_server(("127.0.0.1", first.port)):
        assert valkey.start(open_folder / "valkey").port != first.port
