"""Saving what was seen: `If-Match` and `config_version` (REQUIREMENTS.md, decision 10)."""

import re
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.models import Site
from musenest.common.errors import InvalidError

# Quoted or not; weak where an answer was compressed on its way; with the digest that an answer to GET adds.
ETAG = re.compile(r'(?:W/)?"?(\d{1,9})(?:\.[0-9a-f]{1,64})?"?')
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` that you saw: 409 `CONFIG_VERSION_STALE` where the site was saved since.",
)


def with_etag(response: Response, site: Site) -> Response:
    response["ETag"] = f'"{site.config_version}"'
    return response


def expected_version(request: Request, fields: Mapping[str, Any]) -> int | None:
    """The version that the caller saw, or None where the last write may win. The header goes first.

    Raises InvalidError for a header that is no ETag of ours.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        found: int | None = fields.get("config_version")
        return found
    if header == "*":
        return None
    match = ETAG.fullmatch(header)
    if match is None:
        raise InvalidError("If-Match takes the ETag of the site that you saw.", code="IF_MATCH_INVALID")
    return int(match[1])
