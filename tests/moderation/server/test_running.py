"""The server as a process: starting, ending, dying workers, load, the key."""

import concurrent.futures
import io
import os
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from moderation.server.model_file import model_digest, model_path
from tests.moderation.server import samples
from tests.moderation.server.conftest import ROOT, Running, command, log_lines, running
from tests.ports import free_port

Wait = Callable[[Callable[[], Any]], Any]


def test_health_tells_what_the_server_is(server: Running) -> None:
    health = server.client.get("/health").json()
    assert health["status"] == "healthy"
    assert health["capabilities"] == ["site-profiles", "digest", "idempotent-apply", "batch-analyze"]
    assert (health["blip_available"], health["blip_model"]) == (False, None)
    assert health["model_digest"] == model_digest(model_path())
    assert health["license"] == "AGPL-3.0-only"
    for figure in ("uptime_seconds", "queue_depth", "cpu_percent", "memory_percent", "disk_percent"):
        assert isinstance(health[figure], int | float)


def test_source_is_handed_out(server: Running) -> None:
    archive = server.client.get(server.client.get("/health").json()["source"]).content
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        names = tar.getnames()
        file = tar.extractfile("moderation/server/app.py")
        assert file
        assert file.read() == (ROOT / "moderation/server/app.py").read_bytes()
    assert {"moderation/server/LICENSE", "moderation/domain/decisions.py"} <= set(names)


def test_no_caption_where_there_is_no_blip(server: Running) -> None:
    assert server.client.get("/retrieve-blip").status_code == 400
    assert server.client.get("/retrieve-blip", params={"batch_id": "x"}).status_code == 404
    asked = {"batch_id": "x"}
    assert server.client.post("/retrieve-blip", json=asked).status_code == 404
    assert server.client.post("/retrieve-blip", data=asked).status_code == 404
    assert server.client.post("/retrieve-blip", files={"batch_id": (None, "x")}).status_code == 404


def test_unknown_route_is_an_error_document(server: Running) -> None:
    response = server.client.get("/nothing-here")
    assert response.status_code == 404
    assert response.json()["success"] is False


def test_key_is_required_on_every_route(tmp_path: Path) -> None:
    with running(tmp_path, "--workers", "1", key="s3cret-k3y") as one:
        assert one.client.get("/health").status_code == 200
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "s3cret-k3y"}):
            for path in ("/", "/health", "/sites", "/source"):
                response = httpx.get(one.url + path, headers=headers)
                assert (response.status_code, response.json()["code"]) == (401, "UNAUTHORIZED")
        refused = httpx.post(one.url + "/analyze", files={"image": b"x" * 2**20})
        assert refused.status_code == 401
        for pid in one.children():
            assert "s3cret-k3y" not in Path(f"/proc/{pid}/environ").read_text()
        assert "s3cret-k3y" not in one.log.read_text()


def failed_start(tmp_path: Path, port: int, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(tmp_path, port, options), cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_without_a_key_only_loopback_is_listened_on(tmp_path: Path, host: str) -> None:
    result = failed_start(tmp_path, free_port(), "--host", host)
    assert result.returncode == 2
    assert "loopback" in result.stderr


def test_taken_port_is_named_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = failed_start(tmp_path, port)
    assert result.returncode == 1
    assert f"moderation server: cannot listen on 127.0.0.1:{port}: Address already in use" in result.stderr
    assert "Traceback" not in result.stderr


def test_weights_that_cannot_be_loaded_end_the_start(tmp_path: Path) -> None:
    result = failed_start(tmp_path, free_port(), "--workers", "1", "--blip-model", str(tmp_path / "none"))
    assert result.returncode == 1
    assert "a worker could not be started" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_every_process(tmp_path: Path, number: int, wait_until: Wait) -> None:
    with running(tmp_path, "--workers", "2") as one:
        children = one.children()
        assert len(children) == 2
        one.process.send_signal(number)
        assert one.process.wait(15) in {0, -number}
        wait_until(lambda: not any(psutil.pid_exists(pid) for pid in children))


def test_killed_server_leaves_no_worker_behind(tmp_path: Path, wait_until: Wait) -> None:
    with running(tmp_path, "--workers", "2") as one:
        children = one.children()
        one.process.kill()
        one.process.wait()
        wait_until(lambda: not any(psutil.pid_exists(pid) for pid in children))


def test_dead_worker_is_replaced(own: Running, wait_until: Wait) -> None:
    before = set(own.children())
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: len(own.children()) == 2 and victim not in own.children())
    statuses = [own.analyze(samples.bundled("chelsea.png")).status_code for _ in range(6)]
    assert statuses.count(200) >= 5
    assert own.analyze(samples.bundled("chelsea.png")).status_code == 200
    assert any(line["event"] == "worker_died" for line in log_lines(own))


def test_worker_that_dies_with_a_picture_fails_that_picture_only(own: Running, wait_until: Wait) -> None:
    for pid in own.children():
        os.kill(pid, signal.SIGSTOP)
    results: list[httpx.Response] = []
    thread = threading.Thread(target=lambda: results.append(own.analyze(samples.bundled("chelsea.png"))))
    thread.start()
    wait_until(lambda: own.client.get("/health").json()["queue_depth"] == 1)
    for pid in own.children():
        os.kill(pid, signal.SIGKILL)
    thread.join(20)
    assert (results[0].status_code, results[0].json()["code"]) == (503, "WORKER_FAILED")
    wait_until(lambda: own.analyze(samples.bundled("chelsea.png")).status_code == 200)


def test_restart_loads_models_anew_while_pictures_are_answered(own: Running) -> None:
    before = set(own.children())
    stop = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(base_url=own.url, timeout=30) as client:
            while not stop.is_set():
                files = {"image": samples.bundled("rocket.jpg")}
                statuses.append(client.post("/analyze", files=files).status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    answer = own.client.post("/restart")
    stop.set()
    thread.join()
    assert answer.status_code == 200
    assert answer.json()["blip_available"] is False
    assert set(statuses) == {200}
    assert before.isdisjoint(own.children())


def test_full_server_refuses_at_once_and_health_still_answers(own: Running) -> None:
    """Two workers with two requests each: of twelve at once, eight are refused before they wait."""
    for pid in own.children():
        os.kill(pid, signal.SIGSTOP)
    with (
        concurrent.futures.ThreadPoolExecutor(12) as threads,
        httpx.Client(base_url=own.url, timeout=30) as client,
    ):
        picture = samples.bundled("rocket.jpg")
        asked = [threads.submit(client.post, "/analyze", files={"image": picture}) for _ in range(12)]
        stop = time.monotonic() + 20
        while sum(item.done() for item in asked) < 8 and time.monotonic() < stop:
            time.sleep(0.02)
        refused = [item.result() for item in asked if item.done()]
        started = time.monotonic()
        health = own.client.get("/health").json()
        assert time.monotonic() - started < 10  # a stopped worker would not answer at all
        for pid in own.children():
            os.kill(pid, signal.SIGCONT)
        results = [item.result() for item in asked]
    assert len(refused) == 8
    assert {item.status_code for item in refused} == {503}
    assert {item.headers["retry-after"] for item in refused} == {"1"}
    assert {item.json()["code"] for item in refused} == {"SERVER_BUSY"}
    assert health["queue_depth"] == 4
    assert sorted(item.status_code for item in results).count(200) == 4
    assert own.client.get("/health").json()["queue_depth"] == 0


def test_both_workers_work_for_two_connections(server: Running) -> None:
    """Whatever connections there are, the one queue gives each idle worker the next picture."""
    before = {pid: psutil.Process(pid).cpu_times().user for pid in server.children()}

    def ask() -> None:
        with httpx.Client(base_url=server.url, timeout=30) as client:
            for _ in range(30):
                assert client.post("/infer", files={"f1": samples.bundled("rocket.jpg")}).status_code == 200

    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        for item in [threads.submit(ask) for _ in range(2)]:
            item.result()
    spent = [psutil.Process(pid).cpu_times().user - earlier for pid, earlier in before.items()]
    assert min(spent) > 0.6 * max(spent)


def test_client_that_goes_away_costs_nothing(server: Running, wait_until: Wait) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    for _ in range(4):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(
                b"POST /analyze HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
            )
    wait_until(lambda: server.client.get("/health").json()["queue_depth"] == 0)
    for _ in range(40):  # more than there is room for, had the four kept theirs
        assert server.analyze(samples.bundled("chessboard_RGB.png")).status_code == 200


def test_pictures_whose_callers_left_are_not_looked_at(own: Running, wait_until: Wait) -> None:
    """Two are in the hands of stopped workers. When the others' turn comes, nobody waits for them."""
    for pid in own.children():
        os.kill(pid, signal.SIGSTOP)
    callers = [sent(own, samples.bundled("rocket.jpg")) for _ in range(4)]
    wait_until(lambda: own.client.get("/health").json()["queue_depth"] == 4)
    for caller in callers:
        caller.close()
    assert own.client.get("/health").json()["queue_depth"] == 4
    for pid in own.children():
        os.kill(pid, signal.SIGCONT)
    wait_until(lambda: sorted(statuses_of(own)) == [200, 200, 503, 503])


def sent(server: Running, picture: bytes) -> socket.socket:
    """A connection that has sent a picture, all of it after the head was read."""
    request = server.client.build_request("POST", "/analyze", files={"image": picture})
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    address = (server.client.base_url.host, server.client.base_url.port)
    connection = socket.create_connection(address)
    connection.sendall("\r\n".join(["POST /analyze HTTP/1.1", *lines, "", ""]).encode())
    time.sleep(0.1)
    connection.sendall(request.read())
    return connection


def statuses_of(server: Running) -> list[int]:
    return [line["status"] for line in log_lines(server) if line.get("path") == "/analyze"]


def test_command_line_help_names_every_option() -> None:
    listing = subprocess.run(
        [sys.executable, "-m", "moderation.server", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for option in ("--host", "--port", "--data", "--workers", "--nms", "--blip-model", "--callback-allow"):
        assert option in listing
