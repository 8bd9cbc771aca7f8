"""Profiles over HTTP and on disk: revisions, digests, crashes, other processes on the same folder."""

import concurrent.futures
import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from moderation.domain.profiles import parse_profile
from moderation.server.profiles import ProfileStore
from tests.moderation.server.conftest import Running, running

SCALE = range(1, 33)


def parts(approval: float = 15) -> dict[str, Any]:
    return {
        "nudenet": {"public_gallery_threshold": 25},
        "blip": {},
        "moderation_rules": {"label_weights": {"FACE_FEMALE": 0.5}},
        "usage_intents": {"public_site": {"approval_threshold": approval, "rejection_threshold": 60}},
    }


def document(revision: int, approval: float = 15) -> dict[str, Any]:
    profile = parts(approval)
    return {"revision": revision, "digest": parse_profile(profile).digest, **profile}


def path(site: str) -> str:
    return f"/sites/{site}/configuration"


def put(server: Running, site: str, revision: int, approval: float = 15) -> httpx.Response:
    return server.client.put(path(site), json=document(revision, approval))


@pytest.fixture
def site() -> str:
    return str(uuid.uuid4())


def test_profile_is_read_back_as_it_was_applied(server: Running, site: str) -> None:
    assert put(server, site, 3).status_code == 200
    stored = server.client.get(path(site)).json()
    assert {key: stored[key] for key in parts()} == parts()
    assert (stored["revision"], stored["digest"]) == (3, document(3)["digest"])
    assert stored["applied_at"]


def test_summary_names_every_site(server: Running, site: str) -> None:
    put(server, site, 5)
    other = str(uuid.uuid4())
    put(server, other, 1, approval=20)
    summary = server.client.get("/sites").json()
    assert summary[site] == {"revision": 5, "digest": document(5)["digest"]}
    assert summary[other]["digest"] != summary[site]["digest"]


def test_lower_revision_is_refused_with_the_current_one(server: Running, site: str) -> None:
    put(server, site, 5)
    response = put(server, site, 4, approval=30)
    assert response.status_code == 409
    answer = response.json()
    assert (answer["code"], answer["revision"], answer["digest"]) == (
        "REVISION_CONFLICT",
        5,
        document(5)["digest"],
    )
    assert server.client.get(path(site)).json()["digest"] == document(5)["digest"]


def test_same_revision_with_same_digest_changes_nothing(server: Running, site: str) -> None:
    first = put(server, site, 2).json()
    second = put(server, site, 2)
    assert second.status_code == 200
    assert second.json()["applied_at"] == first["applied_at"]


def test_same_revision_with_another_digest_is_refused(server: Running, site: str) -> None:
    put(server, site, 2)
    assert put(server, site, 2, approval=40).status_code == 409


def test_deleted_profile_is_gone_and_its_revision_is_not(server: Running, site: str) -> None:
    put(server, site, 7)
    assert server.client.delete(path(site)).json()["revision"] == 7
    assert server.client.delete(path(site)).status_code == 200
    assert server.client.get(path(site)).json()["code"] == "SITE_UNKNOWN"
    assert site not in server.client.get("/sites").json()
    for late in (6, 7):
        assert put(server, site, late).status_code == 409
    assert put(server, site, 8).status_code == 200


def test_profile_of_an_unknown_site_is_404(server: Running, site: str) -> None:
    assert server.client.get(path(site)).status_code == 404
    assert server.client.delete(path(site)).status_code == 404
    assert server.client.put(path("not-a-uuid"), json=document(1)).status_code == 404


def test_wrong_digest_is_refused(server: Running, site: str) -> None:
    response = server.client.put(path(site), json={**document(1), "digest": "0" * 64})
    assert (response.status_code, response.json()["code"]) == (422, "DIGEST_MISMATCH")
    assert server.client.get(path(site)).status_code == 404


@pytest.mark.parametrize("revision", [0, -1, True, 1.5, "3", None])
def test_wrong_revision_is_refused(server: Running, site: str, revision: object) -> None:
    response = server.client.put(path(site), json={**document(1), "revision": revision})
    assert (response.status_code, response.json()["code"]) == (422, "REVISION_INVALID")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("nudenet", {"public_gallery_threshold": 101}),
        ("nudenet", {"unheard_of": 1}),
        ("usage_intents", {"public_site": {"approval_threshold": 60, "rejection_threshold": 15}}),
        ("blip", None),
    ],
)
def test_invalid_profile_is_refused_with_its_path(
    server: Running, site: str, key: str, value: object
) -> None:
    response = server.client.put(path(site), json={**document(1), key: value})
    assert (response.status_code, response.json()["code"]) == (422, "CONFIGURATION_INVALID")
    assert response.json()["errors"][0]["path"].startswith(key)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"revision": NaN}', b"[" * 100_000])
def test_body_that_is_no_object_is_refused(server: Running, site: str, body: bytes) -> None:
    response = server.client.put(path(site), content=body)
    assert (response.status_code, response.json()["code"]) == (400, "JSON_INVALID")


def test_body_that_is_too_large_is_refused(server: Running, site: str) -> None:
    response = server.client.put(path(site), content=b" " * 600_000)
    assert (response.status_code, response.json()["code"]) == (413, "BODY_TOO_LARGE")


def test_two_servers_on_one_folder_agree_at_once(tmp_path: Path, server: Running) -> None:
    """The folder is the truth: whichever process applied a profile, every other answers with it."""
    with running(tmp_path, "--workers", "1") as first, running(tmp_path, "--workers", "1") as second:
        name = str(uuid.uuid4())
        for revision in SCALE:
            writer, reader = (first, second) if revision % 2 else (second, first)
            assert put(writer, name, revision, approval=revision).status_code == 200
            assert reader.client.get(path(name)).json()["revision"] == revision
            assert reader.client.get("/sites").json()[name]["digest"] == document(1, revision)["digest"]


def test_competing_writers_leave_the_highest_revision(tmp_path: Path, site: str) -> None:
    stores = [ProfileStore(tmp_path) for _ in range(4)]

    def write(revision: int) -> bool:
        try:
            stores[revision % 4].put(site, revision, parse_profile(parts(revision)))
        except Exception:  # noqa: BLE001 -- a refusal is the point
            return False
        return True

    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        results = list(threads.map(write, reversed(SCALE)))
    assert results[0]
    stored = ProfileStore(tmp_path).get(site)
    assert stored.revision == max(SCALE)
    assert stored.profile
    assert stored.profile.digest == document(1, max(SCALE))["digest"]
    assert not list(tmp_path.rglob("*.new"))


def test_damaged_file_is_no_profile_and_can_be_replaced(server: Running, site: str) -> None:
    put(server, site, 4)
    file = server.data / "sites" / f"{site}.json"
    content = json.loads(file.read_text())
    content["usage_intents"]["public_site"]["approval_threshold"] = 59
    file.write_text(json.dumps(content))
    assert server.client.get(path(site)).json()["code"] == "PROFILE_UNREADABLE"
    assert server.client.get("/sites").json()[site] == {"revision": 0, "digest": ""}
    assert put(server, site, 5).status_code == 200


def test_damaged_file_goes_with_its_removal(server: Running, site: str) -> None:
    put(server, site, 4)
    (server.data / "sites" / f"{site}.json").write_text("{")
    assert server.client.delete(path(site)).status_code == 404
    assert site not in server.client.get("/sites").json()


def test_profiles_survive_a_kill(tmp_path: Path, site: str) -> None:
    with running(tmp_path, "--workers", "1") as one:
        assert put(one, site, 9).status_code == 200
        one.process.kill()
        one.process.wait()
    with running(tmp_path, "--workers", "1") as again:
        assert again.client.get(path(site)).json()["revision"] == 9
