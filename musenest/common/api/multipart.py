"""Uploads: bounded before a byte is parsed, fields in either spelling (REQUIREMENTS.md, 1 and 21)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.datastructures import MultiValueDict
from rest_framework.parsers import DataAndFiles, MultiPartParser

from musenest.common.api.parsers import renamed
from musenest.common.errors import TooLargeError


def refuse_large(content_length: str | None) -> None:
    """Raise TooLargeError for a body above FILE_UPLOAD_MAX_MEMORY_SIZE, of which nothing is read then."""
    most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    if content_length and content_length.isdecimal() and int(content_length) > most:
        raise TooLargeError(f"An upload may have {most // 2**20} MiB.", code="UPLOAD_TOO_LARGE")


class CamelCaseMultiPartParser(MultiPartParser):
    """`usageIntent` becomes `usage_intent`, as in JSON. Raises TooLargeError by the declared length."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        request = (parser_context or {}).get("request")
        refuse_large(request.META.get("CONTENT_LENGTH") if request else None)
        parsed = super().parse(stream, media_type, parser_context)
        return DataAndFiles(in_snake_case(parsed.data), in_snake_case(parsed.files))


def in_snake_case(fields: MultiValueDict[str, Any]) -> Any:
    return MultiValueDict({renamed(name): values for name, values in fields.lists()})
