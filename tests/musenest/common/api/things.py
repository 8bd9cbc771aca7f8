"""An endpoint that stands on the kernel's viewset and does what a test asks."""

from collections.abc import Callable
from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import WebhookEndpoint
from musenest.common import tenancy
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.views import PUBLIC, SIGNED_IN, STAFF, ApiViewSet


class Behaviour:
    """What the action does; a test sets it."""

    act: Callable[[Request], Any] = staticmethod(lambda request: {"echo": request.data})
    calls = 0


class EndpointSerializer(SparseSerializer):
    id = serializers.UUIDField()
    url = serializers.CharField()


class ThingsViewSet(ApiViewSet):
    permissions = {
        "anybody": PUBLIC,
        "person": SIGNED_IN,
        "staff": STAFF,
        "create": "sites:write",
        "secret": "sites:write",
        "list": "sites:read",
    }
    answers_with_secret = frozenset({"secret"})
    serializer_class = EndpointSerializer
    ordering = ("-created_at",)
    ordering_fields = ("url", "created_at", "is_active")

    def act(self, request: Request) -> Response:
        Behaviour.calls += 1
        found = Behaviour.act(request)
        return found if isinstance(found, Response) else Response(found)

    anybody = person = staff = create = secret = unnamed = act

    def list(self, request: Request) -> Response:
        return self.page(WebhookEndpoint.objects.all(), EndpointSerializer)

    def scope(self, request: Request) -> tenancy.Scope:
        return tenancy.current()


def url(name: str) -> Any:
    return path(f"api/{name}", ThingsViewSet.as_view({"post": name}))


urlpatterns = [
    path("api/list", ThingsViewSet.as_view({"get": "list"})),
    *(url(name) for name in ("anybody", "person", "staff", "create", "secret", "unnamed")),
]
handler400 = "musenest.common.failures.bad_request"
handler403 = "musenest.common.failures.denied"
handler404 = "musenest.common.failures.not_found"
handler500 = "musenest.common.failures.server_error"
