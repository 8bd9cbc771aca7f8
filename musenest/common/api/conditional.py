"""Asking again for what one has: `ETag` on every answer to GET, and 304 for one that is still the same."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from django.utils.http import parse_etags, quote_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

# An answer may be kept, but only by who asked, and only to ask again whether it is still the same.
KEPT_BY_THE_CALLER = "private, no-cache"


def answer(request: Request, response: Response) -> Response:
    """The answer with its ETag; 304 without a body where the caller's `If-None-Match` names it.

    A view that gave a version as ETag (for `If-Match`) keeps it in front: `"3.<digest>"`.
    """
    if request.method not in ("GET", "HEAD") or response.status_code != HTTPStatus.OK:
        return response
    version = response.get("ETag", "").strip('"')
    etag = quote_etag(f"{version}.{digest(response.data)}" if version else digest(response.data))
    found = Response(status=HTTPStatus.NOT_MODIFIED) if is_known(request, etag) else response
    found["ETag"] = etag
    found["Cache-Control"] = KEPT_BY_THE_CALLER
    return found


def is_known(request: Request, etag: str) -> bool:
    """Compares as for reading: a weak one (an answer that was compressed) is as good."""
    known = parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))  # `headers` would be made anew of all
    return "*" in known or etag in {each.removeprefix("W/") for each in known}


def digest(body: Any) -> str:
    """Over what is said, not over when it was said."""
    said = {name: value for name, value in body.items() if name != "timestamp"}
    return hashlib.blake2b(json.dumps(said, cls=JSONEncoder).encode(), digest_size=12).hexdigest()
