"""What every container runs first and beside its program: secrets out of files, and the health of it."""

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests import plugin
from tests.production import SAFE

ROOT = Path(__file__).resolve().parents[2]
ENTRYPOINT = ROOT / "deploy" / "entrypoint"
HEALTHCHECK = ROOT / "deploy" / "healthcheck.py"


def run(*command: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [str(part) for part in command],
        env=bare | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture
def entrypoint(tmp_path: Path) -> Path:
    """The entrypoint, with its secrets in a folder of the test."""
    path = tmp_path / "entrypoint"
    path.write_text(ENTRYPOINT.read_text().replace("/run/secrets/", f"{tmp_path}/"))
    path.chmod(0o755)
    return path


def test_a_secret_comes_out_of_its_file_and_the_file_is_not_named_any_more(
    entrypoint: Path, tmp_path: Path
) -> None:
    (tmp_path / "seal_key").write_text("a $b `c` \"d\" 'e'\n")

    done = run(
        entrypoint, "env", SEAL_KEY_FILE=f"{tmp_path}/seal_key", SSL_CERT_FILE="/etc/ssl/cert.pem", PLAIN="1"
    )

    lines = done.stdout.splitlines()
    assert "SEAL_KEY=a $b `c` \"d\" 'e'" in lines
    assert not any(line.startswith("SEAL_KEY_FILE") for line in lines)
    assert {"SSL_CERT_FILE=/etc/ssl/cert.pem", "PLAIN=1"} <= set(lines)


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_that_is_missing_or_empty_ends_the_start(
    entrypoint: Path, tmp_path: Path, content: str | None
) -> None:
    if content is not None:
        (tmp_path / "seal_key").write_text(content)

    done = run(entrypoint, "echo", "started", SEAL_KEY_FILE=f"{tmp_path}/seal_key")

    assert done.returncode == 1
    assert "started" not in done.stdout
    assert "seal_key" in done.stderr


def test_it_becomes_the_program_whose_status_it_has(entrypoint: Path) -> None:
    assert run(entrypoint, "sh", "-c", "exit 7").returncode == 7


class Health(BaseHTTPRequestHandler):
    """Answers for one host, as the application does."""

    def do_GET(self) -> None:
        is_known = self.headers["Host"] == "musenest.example" and self.path == "/health"
        self.send_response(200 if is_known else 400)
        self.end_headers()

    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 -- its parent's name
        pass


def test_the_web_is_healthy_where_it_answers_for_its_host() -> None:
    with HTTPServer(("127.0.0.1", 0), Health) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_port)
        good = run(sys.executable, HEALTHCHECK, "web", PORT=port, ALLOWED_HOSTS=".musenest.example,other")
        bad = run(sys.executable, HEALTHCHECK, "web", PORT=port, ALLOWED_HOSTS="other")
        server.shutdown()

    assert good.returncode == 0, good.stderr
    assert bad.returncode == 1


def test_what_does_not_answer_is_not_healthy() -> None:
    broker = plugin.SERVICES.valkey.database(plugin.worker_number())

    assert run(sys.executable, HEALTHCHECK, "web", PORT="1", ALLOWED_HOSTS="x").returncode == 1
    assert run(sys.executable, HEALTHCHECK, "worker", REDIS_URL=broker).returncode == 1
    assert run(sys.executable, HEALTHCHECK, "worker", REDIS_URL="redis://127.0.0.1:1/0").returncode == 1


def test_the_made_secrets_are_good_enough_for_production(tmp_path: Path) -> None:
    subprocess.run([ROOT / "deploy" / "make-secrets", tmp_path], check=True)
    made = {
        name: (tmp_path / name.lower()).read_text().strip()
        for name in ("SECRET_KEY", "JWT_SECRET", "SEAL_KEY", "ENCRYPTION_KEYS", "METRICS_TOKEN")
    }

    command = [
        sys.executable,
        "manage.py",
        "check",
        "--deploy",
        "--tag",
        "security",
        "--fail-level",
        "WARNING",
    ]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | SAFE | made, check=False, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
