"""Forms over HTTP, and nothing of them on a disk."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from moderation.domain.pictures import MAX_BYTES
from tests.moderation.server import samples
from tests.moderation.server.conftest import Running, log_lines

BOUNDARY = "x" * 20


def part(name: str, data: bytes, *, filename: str | None = "p") -> bytes:
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + data + b"\r\n"


def post(server: Running, content: bytes | Iterator[bytes], path: str = "/analyze") -> httpx.Response:
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return server.client.post(path, content=content, headers=kind)


def refusal(response: httpx.Response) -> tuple[int, str]:
    document = response.json()
    assert document["success"] is False
    assert document["error"]
    return response.status_code, document["code"]


def test_form_without_a_picture_is_refused(server: Running) -> None:
    assert refusal(server.analyze(None)) == (422, "IMAGE_MISSING")
    assert refusal(server.client.post("/analyze")) == (422, "IMAGE_MISSING")
    assert refusal(server.client.post("/analyze", json={"image": "x"})) == (422, "IMAGE_MISSING")


def test_text_named_image_is_no_picture(server: Running) -> None:
    content = part("image", b"abc", filename=None) + f"--{BOUNDARY}--\r\n".encode()
    assert refusal(post(server, content)) == (422, "IMAGE_MISSING")


def test_empty_picture_is_refused(server: Running) -> None:
    assert refusal(server.analyze(b"")) == (422, "IMAGE_EMPTY")


def test_thirty_megabytes_are_refused_from_the_length(server: Running) -> None:
    assert refusal(server.analyze(b"\xff" * 30_000_000)) == (413, "IMAGE_TOO_LARGE")


def test_chunked_upload_is_cut_off_at_the_limit(server: Running) -> None:
    sent = 0

    def content() -> Iterator[bytes]:
        nonlocal sent
        yield part("image", b"")[:-2]
        for _ in range(64):
            sent += 2**20
            yield b"\0" * 2**20

    assert refusal(post(server, content())) == (413, "IMAGE_TOO_LARGE")


def test_picture_of_the_largest_size_is_judged_by_its_content(server: Running) -> None:
    assert refusal(server.analyze(b"\0" * MAX_BYTES)) == (415, "IMAGE_UNSUPPORTED")


@pytest.mark.parametrize(
    "content",
    [
        b"no boundary at all",
        part("image", b"data"),  # never closed
        f"--{BOUNDARY}\r\nContent-Disposition".encode(),
        b"".join(part("image" + str(index), b"", filename=None) for index in range(65)),
        part("note", b"a" * 20_000, filename=None) + f"--{BOUNDARY}--\r\n".encode(),
    ],
    ids=["text", "open", "header", "parts", "field"],
)
def test_form_that_cannot_be_read_is_refused(server: Running, content: bytes) -> None:
    assert refusal(post(server, content)) == (400, "FORM_UNREADABLE")


def test_second_picture_is_refused(server: Running) -> None:
    content = part("image", b"a") + part("image", b"b") + f"--{BOUNDARY}--\r\n".encode()
    assert refusal(post(server, content)) == (413, "TOO_MANY_PICTURES")


def test_boundary_between_two_chunks_is_found(server: Running) -> None:
    whole = part("image", samples.bundled("chelsea.png")) + f"--{BOUNDARY}--\r\n".encode()

    def content() -> Iterator[bytes]:
        for start in range(0, len(whole), 997):
            yield whole[start : start + 997]

    assert post(server, content()).json()["image_hash"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads what processes write from /proc")
def test_no_picture_is_written_to_a_disk(server: Running) -> None:
    """A picture of 16 MiB goes through, and no process of the server has written as much to any file."""
    large = samples.bundled("color.png") + os.urandom(16 * 2**20)
    before = {pid: files(pid) for pid in (server.process.pid, *server.children())}
    response = server.analyze(large)
    assert response.status_code == 200, response.text
    for pid, seen in before.items():
        assert files(pid) - seen == set()
    stored = [path for path in server.data.rglob("*") if path.is_file() and path.stat().st_size > 2**20]
    assert stored == []
    assert written(server.process.pid) < 2**20


def files(pid: int) -> set[str]:
    links = (entry.readlink() for entry in Path(f"/proc/{pid}/fd").iterdir())
    return {str(link) for link in links if str(link).startswith("/") and not str(link).startswith("/dev")}


def written(pid: int) -> int:
    """Bytes that the process has sent to storage."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def test_a_broken_form_leaves_the_log_readable(server: Running) -> None:
    assert refusal(post(server, b"no boundary of ours"))[0] == 400
    assert [line["event"] for line in log_lines(server)]  # each of them is JSON
