"""Finds the person behind an address and a password. Runs as staff: before sign-in there is no scope."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import Person
from musenest.common import tenancy


class EmailBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **more: Any,
    ) -> Person | None:
        with tenancy.staff():
            return super().authenticate(request, username or more.get("email"), password)

    def get_user(self, user_id: UUID) -> Person | None:
        with tenancy.staff():
            return super().get_user(user_id)
