from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.tenancy.isolation import ORGANIZATION, PERSON

IS_SELF = f"id = {PERSON}"
IS_FELLOW_MEMBER = (
    "EXISTS (SELECT 1 FROM memberships m"  # noqa: S608 -- nothing but our own words
    f" WHERE m.person_id = users.id AND m.organization_id = {ORGANIZATION})"
)


class PersonManager(BaseUserManager["Person"]):
    """Has no `create_superuser`: staff are made by `manage.py create_staff`, which records it."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser, PermissionsMixin):
    """A human being who signs in; the e-mail address is the name."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField("e-mail", max_length=255, unique=True)
    name = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    # The address that was proven last. Beside allauth's rows, so that no page has to look there.
    verified_email = models.EmailField(max_length=255, blank=True, default="", db_default="", editable=False)
    is_staff = models.BooleanField("operator staff", default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # Sessions and tokens that are older than this count for nothing.
    signed_out_at = models.DateTimeField(null=True, editable=False)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="person_email_is_lower_case"
            ),
            tenancy.Isolation(
                name="person_is_isolated", sees=f"{IS_SELF} OR {IS_FELLOW_MEMBER}", changes=IS_SELF
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def actor(self) -> Actor:
        return Actor(kind="person", id=str(self.pk), label=self.email, is_staff=self.is_staff)

    @property
    def is_verified(self) -> bool:
        """Whether the person has shown that this e-mail address is theirs."""
        return self.verified_email == self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What Django compares a session with: made of the password's hash, and of the last time that the
        person signed out everywhere.
        """
        found = str(super()._get_session_auth_hash(secret=secret))  # type: ignore[misc]  # stubs lack it
        if self.signed_out_at is None:
            return found
        moment = self.signed_out_at.isoformat()
        return salted_hmac(
            "accounts.signed_out", found + moment, secret=secret, algorithm="sha256"
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]
