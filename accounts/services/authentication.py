"""Finds the person behind an e-mail address and a password. Runs as staff: before sign-in there is no scope."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from musenest.common import tenancy


class EmailBackend(ModelBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> AbstractBaseUser | None:
        with tenancy.staff():
            return super().authenticate(request, username=username or kwargs.get("email"), password=password)

    def get_user(self, user_id: UUID) -> AbstractBaseUser | None:
        with tenancy.staff():
            return super().get_user(user_id)
