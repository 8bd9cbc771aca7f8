"""Pictures sent to be judged, and what became of them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from billing.selectors import usage
from moderation.models import Decision
from musenest.common import tenancy
from tests.samples import Customer, api


def picture(content: bytes, name: str = "p.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def send(client: Any, content: bytes | None, headers: dict[str, str] | None = None, **fields: str) -> Any:
    body: dict[str, Any] = {"site": "acme-family", **fields}
    if content is not None:
        body["image"] = picture(content)
    return client.post(api.ANALYZE, body, format="multipart", headers=headers or {})


def used_by(customer: Customer) -> int:
    with customer.scope():
        return usage.used_this_month(customer.organization)


def decisions_of(customer: Customer) -> list[Decision]:
    with customer.scope():
        return list(Decision.objects.order_by("pk"))


def session_of(customer: Customer) -> APIClient:
    """A browser, whose CSRF token could stand in the body."""
    client = APIClient(enforce_csrf_checks=True)
    with tenancy.staff():
        client.force_login(customer.owner)
    return client
