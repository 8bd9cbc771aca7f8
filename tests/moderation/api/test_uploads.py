"""Uploads that are refused before anything is judged or counted."""

from typing import Any

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.moderation.api.uploading import decisions_of, picture, send, session_of, used_by
from tests.moderation.server.samples import animated, bundled, huge_png
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


REFUSED: dict[str, tuple[Any, int, str]] = {
    "no bytes": (lambda: b"", 422, "IMAGE_EMPTY"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "IMAGE_UNSUPPORTED"),
    "text": (lambda: b"hello", 415, "IMAGE_UNSUPPORTED"),
    "animation": (lambda: animated("GIF"), 415, "ANIMATION_UNSUPPORTED"),
    "animated webp": (lambda: animated("WEBP"), 415, "ANIMATION_UNSUPPORTED"),
    "cut": (lambda: bundled("astronaut.png")[:5000], 422, "IMAGE_UNREADABLE"),
    "cut in the header": (lambda: bundled("astronaut.png")[:20], 422, "IMAGE_UNREADABLE"),
    "13,300 pixels each way": (huge_png, 413, "IMAGE_TOO_MANY_PIXELS"),
    "over 20 MiB": (lambda: bundled("color.png") + b"\0" * (20 * 2**20), 413, "IMAGE_TOO_LARGE"),
    "over 21 MiB": (lambda: bundled("color.png") + b"\0" * (21 * 2**20), 413, "UPLOAD_TOO_LARGE"),
    "30 MB": (lambda: b"\xff\xd8\xff" * 10**7, 413, "UPLOAD_TOO_LARGE"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_picture_is_refused_and_not_counted(acme_in_force: Customer, kind: str) -> None:
    make, status, expected = REFUSED[kind]
    assert api.code(send(api.owner(acme_in_force), make()), status) == expected
    assert (used_by(acme_in_force), decisions_of(acme_in_force)) == (0, [])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"site": ""}, "site"),
        ({"external_id": "x" * 201}, "external_id"),
        ({"usage_intent": "\0"}, "usage_intent"),
        ({"image": "text"}, "image"),
    ],
)
def test_a_bad_field_is_named(
    acme_in_force: Customer, colour: bytes, fields: dict[str, str], field: str
) -> None:
    body = {"site": "acme-family", "image": picture(colour), **fields}
    found = api.error(api.owner(acme_in_force).post(api.ANALYZE, body, format="multipart"), 422)
    assert (found["code"], found["details"]["field"]) == ("VALIDATION_ERROR", field)


def test_no_picture_and_an_unknown_field_are_named(acme_in_force: Customer, colour: bytes) -> None:
    client = api.owner(acme_in_force)
    assert api.error(send(client, None), 422)["details"]["field"] == "image"
    found = api.error(send(client, colour, usage_intnet="store"), 422)
    assert (found["code"], found["details"]["field"]) == ("UNKNOWN_FIELD", "usage_intnet")


def test_json_is_no_upload(acme_in_force: Customer) -> None:
    response = api.owner(acme_in_force).post(
        api.ANALYZE, {"site": "acme-family", "image": "aGk="}, format="json"
    )
    assert api.code(response, 415) == "MEDIA_TYPE_UNSUPPORTED"


@pytest.mark.parametrize("credential", [api.owner, session_of])
def test_a_large_body_is_not_read(acme_in_force: Customer, credential: Any) -> None:
    class Unread:
        def read(self, *_: int) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    told: dict[str, Any] = {"CONTENT_LENGTH": str(40 * 2**20), "wsgi.input": Unread()}
    response = credential(acme_in_force).generic("POST", api.ANALYZE, "", MULTIPART_CONTENT, **told)
    assert api.code(response, 413) == "UPLOAD_TOO_LARGE"


def test_a_body_in_chunks_is_asked_for_its_length(acme_in_force: Customer) -> None:
    told: dict[str, Any] = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response = api.owner(acme_in_force).generic("POST", api.ANALYZE, "", MULTIPART_CONTENT, **told)
    assert api.code(response, 411) == "LENGTH_REQUIRED"


def test_a_cut_body_is_malformed_or_lacks_the_picture(acme_in_force: Customer, colour: bytes) -> None:
    body: Any = encode_multipart(BOUNDARY, {"site": "acme-family", "image": picture(colour)})[:3000]
    response = api.owner(acme_in_force).generic("POST", api.ANALYZE, body, content_type=MULTIPART_CONTENT)
    assert response.status_code in {400, 422}
    assert used_by(acme_in_force) == 0
