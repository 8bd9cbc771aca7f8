"""The schema as it is served: made once in a process for each form, and told apart by its ETag."""

import hashlib
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.encoding import force_bytes
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class DescriptionView(SpectacularAPIView):
    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """YAML, or JSON where that is asked for; 304 for who has it."""
        renderer: Any = type(request.accepted_renderer)
        body, etag = described(renderer)
        whole = HttpResponse(body, content_type=request.accepted_renderer.media_type)
        whole["ETag"], whole["Cache-Control"] = etag, "no-cache"
        found = get_conditional_response(request, etag=etag, response=whole)
        assert isinstance(found, HttpResponse)
        return found


@cache
def described(renderer: Any) -> tuple[bytes, str]:
    """The schema in the renderer's form, with its ETag. Building takes a second, and everybody may ask."""
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # untyped
    body = force_bytes(renderer().render(schema, renderer_context={}))
    return body, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
