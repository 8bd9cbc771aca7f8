from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.actors import Actor


class KeyMode(models.TextChoices):
    LIVE = "live"
    TEST = "test"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=Now()), revoked_at=None)

    def in_status(self, status: str) -> "ApiKeyQuerySet":
        """Those whose `status` is this one."""
        if status == "revoked":
            return self.exclude(revoked_at=None)
        return self.filter(revoked_at=None, expires_at__lte=Now()) if status == "expired" else self.usable()


class ApiKey(tenancy.TenantModel):
    """A program's credential. Only its hash is kept; the last four characters help a person to tell keys
    apart.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=80)
    mode = models.CharField(max_length=4, choices=KeyMode, default=KeyMode.LIVE)
    scopes = ArrayField(models.CharField(max_length=32))
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the key")
    last_four = models.CharField(max_length=4, editable=False)
    created_by = models.CharField(max_length=255, editable=False)
    # To whom the key as it is now was shown. No foreign key: it tells who, also when that person is gone.
    maker = models.UUIDField(null=True, editable=False, help_text="the person who made or last rotated it")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "api_keys"
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(condition=models.Q(mode__in=KeyMode.values), name="api_key_mode_is_known"),
            tenancy.Isolation(name="api_key_is_isolated"),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="api_key_by_organization")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last_four})"

    @property
    def actor(self) -> Actor:
        return Actor(kind="api_key", id=str(self.pk), label=str(self))

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    @property
    def status(self) -> str:
        """`revoked`, `expired` or `usable`."""
        if self.is_revoked:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= timezone.now() else "usable"

    @property
    def is_usable(self) -> bool:
        return self.status == "usable"
