"""Uploads: bounded by what they declare, fields in either spelling, files in memory only."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from musenest.common.api.multipart import CamelCaseMultiPartParser, refuse_large
from musenest.common.errors import TooLargeError

MOST = 21 * 1024 * 1024


def request_of(fields: dict[str, Any]) -> Request:
    body = encode_multipart(BOUNDARY, fields)
    plain = APIRequestFactory().post("/", BytesIO(body).read(), content_type=MULTIPART_CONTENT)
    return Request(plain, parsers=[CamelCaseMultiPartParser()])


def data_of(request: Request) -> Any:
    return request.data


def test_fields_and_files_come_in_snake_case() -> None:
    request = request_of(
        {"usageIntent": "store", "theImage": SimpleUploadedFile("a.png", b"x"), "plain": "1"}
    )
    assert data_of(request)["usage_intent"] == "store"
    assert data_of(request)["plain"] == "1"
    assert data_of(request)["the_image"].read() == b"x"
    assert set(data_of(request)) == {"usage_intent", "the_image", "plain"}


def test_a_file_stays_in_memory_whatever_its_size() -> None:
    request = request_of({"image": SimpleUploadedFile("a.png", b"x" * (5 * 2**20))})
    assert isinstance(data_of(request)["image"], InMemoryUploadedFile)


@pytest.mark.parametrize("length", [None, "", "0", str(MOST), "nonsense", "-5"])
def test_what_fits_or_is_not_said_passes(length: str | None) -> None:
    refuse_large(length)


@pytest.mark.parametrize("length", [str(MOST + 1), "9" * 30])
def test_what_declares_too_much_is_refused(length: str) -> None:
    with pytest.raises(TooLargeError) as caught:
        refuse_large(length)
    assert caught.value.code == "UPLOAD_TOO_LARGE"


def test_the_parser_looks_at_the_length_itself() -> None:
    request = request_of({"image": SimpleUploadedFile("a.png", b"x")})
    request._request.META["CONTENT_LENGTH"] = str(MOST + 1)
    with pytest.raises(TooLargeError):
        _ = request.data
