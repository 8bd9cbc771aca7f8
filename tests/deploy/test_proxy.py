"""The proxy reads whole requests, says who called, and answers in the envelope when nobody else can."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.deploy.conftest import HOST, Proxy, Start
from tests.ports import free_port

MEBIBYTE = 1024 * 1024


def echo(request: Request) -> Response:
    """What the upstream saw."""
    headers = {name.lower(): value for name, value in request.headers}
    return Response(json.dumps({"headers": headers, "bytes": len(request.get_data())}))


@pytest.fixture
def proxy(start_proxy: Start, httpserver: HTTPServer) -> Proxy:
    httpserver.expect_request("/echo").respond_with_handler(echo)
    return start_proxy(f"127.0.0.1:{httpserver.port}")


@pytest.fixture
def client(proxy: Proxy) -> Iterator[httpx.Client]:
    with proxy.client() as found:
        yield found


def seen(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    headers: dict[str, Any] = answer.json()
    return headers


def test_what_a_client_says_of_itself_is_replaced(client: httpx.Client) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "80",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X_Forwarded_For": "203.0.113.9",
    }

    headers = seen(client.get("/echo", headers=forged))["headers"]

    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["host"] == HOST
    assert not {name for name in headers if "forwarded" in name or "real" in name} - {
        "x-forwarded-for",
        "x-forwarded-proto",
    }


def test_a_body_in_chunks_arrives_whole_with_its_length(client: httpx.Client) -> None:
    found = seen(client.post("/echo", content=iter([b"a" * 1000, b"b" * 500])))

    assert found["bytes"] == 1500
    assert found["headers"]["content-length"] == "1500"
    assert "transfer-encoding" not in found["headers"]


def test_a_picture_passes_and_what_is_larger_is_refused_in_the_envelope(client: httpx.Client) -> None:
    assert seen(client.post("/echo", content=b"p" * (21 * MEBIBYTE)))["bytes"] == 21 * MEBIBYTE

    refused = client.post("/echo", content=b"p" * (21 * MEBIBYTE + 1))

    assert refused.status_code == 413
    assert refused.json()["success"] is False
    assert refused.json()["error"]["code"] == "TOO_LARGE"
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_a_message_that_nobody_answers_is_flagged_never_approved(start_proxy: Start) -> None:
    with start_proxy(f"127.0.0.1:{free_port()}").client() as client:
        answer = client.post("/api/moderation/analyze", content=b"picture")

    assert answer.status_code == 503
    assert answer.json()["error"]["details"] == {"decision": "flagged"}
    assert answer.json()["timestamp"]
    assert answer.headers["Retry-After"] == "10"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_too_many_connections_are_told_to_wait_a_second(start_proxy: Start) -> None:
    proxy = start_proxy(f"127.0.0.1:{free_port()}", {"limit_conn addresses 200": "limit_conn addresses 1"})
    with proxy.connect() as held, proxy.client() as client:
        held.sendall(f"POST /echo HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 9\r\n\r\n".encode())
        deadline = time.monotonic() + 20
        answer = client.get("/")
        while answer.status_code == 503 and time.monotonic() < deadline:  # until the first one counts
            answer = client.get("/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "LIMIT_REACHED")
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_its_own_answers_have_no_address(client: httpx.Client) -> None:
    assert client.get("/.proxy/503").status_code == 404


def test_plain_http_leads_to_https_and_proves_the_host(proxy: Proxy) -> None:
    (proxy.folder / "acme" / ".well-known" / "acme-challenge").mkdir(parents=True)
    (proxy.folder / "acme" / ".well-known" / "acme-challenge" / "token").write_text("proof")
    plain = f"http://127.0.0.1:{proxy.plain}"

    redirected = httpx.get(f"{plain}/login?next=/", headers={"Host": HOST})
    proof = httpx.get(f"{plain}/.well-known/acme-challenge/token", headers={"Host": HOST})

    assert (redirected.status_code, redirected.headers["Location"]) == (301, f"https://{HOST}/login?next=/")
    assert (proof.status_code, proof.text) == (200, "proof")


def test_headers_that_do_not_come_are_not_waited_for(start_proxy: Start, httpserver: HTTPServer) -> None:
    proxy = start_proxy(
        f"127.0.0.1:{httpserver.port}", {"client_header_timeout 10s": "client_header_timeout 1s"}
    )
    with proxy.connect() as connection:
        connection.sendall(b"GET /echo HTTP/1.1\r\nHost:")
        assert connection.recv(1000) == b""


def test_a_body_that_stops_is_not_waited_for(start_proxy: Start, httpserver: HTTPServer) -> None:
    proxy = start_proxy(f"127.0.0.1:{httpserver.port}", {"client_body_timeout 10s": "client_body_timeout 1s"})
    with proxy.connect() as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        assert connection.recv(4000).startswith((b"HTTP/1.1 408", b""))
    assert httpserver.log == []


def test_what_never_reached_the_application_is_logged_without_arguments(
    client: httpx.Client, proxy: Proxy
) -> None:
    client.get("/echo?token=not-logged")
    client.post("/echo?token=secret", content=b"p" * (21 * MEBIBYTE + 1))

    log = proxy.folder / "access.log"
    deadline = time.monotonic() + 20
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)  # the rest of a refused body is let in first
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in lines] == [413]
    assert "secret" not in str(lines)


def test_what_lets_in_is_in_no_line_about_an_upstream_that_does_not_answer(start_proxy: Start) -> None:
    proxy = start_proxy("127.0.0.1:9")
    with proxy.client() as client:
        for path in ("/reset-password/k3y", "/invitations/k3y", "/auth/google/callback?code=k3y&state=k3y"):
            assert client.get(path).status_code == 503
        assert client.get("/sites?page=2").status_code == 503

    told = (proxy.folder / "nginx.log").read_text()
    assert "/sites?page=2" in told
    assert "k3y" not in told + (proxy.folder / "access.log").read_text()


def test_the_key_of_an_address_is_not_logged(client: httpx.Client, proxy: Proxy) -> None:
    for path in ("/reset-password/the-key", "/verify/the-key", "/invitations/the-key", "/sites/of-nobody"):
        assert client.get(path).status_code == 500, "what the upstream says to what it does not know"

    lines = (proxy.folder / "access.log").read_text().splitlines()
    assert [json.loads(line)["path"] for line in lines] == [
        "/reset-password/[masked]", "/verify/[masked]", "/invitations/[masked]", "/sites/of-nobody",
    ]  # fmt: skip
