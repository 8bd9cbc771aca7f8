from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.tenancy.isolation import PERSON


class RefreshFamilyQuerySet(models.QuerySet["RefreshFamily"]):
    def alive(self) -> "RefreshFamilyQuerySet":
        return self.filter(ended_at=None, expires_at__gt=Now())


class RefreshFamily(models.Model):
    """One sign-in of a program: the chain of refresh tokens that began with it, of which only the newest is
    good.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refresh_families"
    )
    digest = models.CharField(max_length=64, help_text="SHA-256 of the newest token's identifier")
    predecessor = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="the same of the token before it"
    )
    address = models.GenericIPAddressField(null=True, editable=False, help_text="where it signed in from")
    agent = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    rotated_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, editable=False)
    end_reason = models.CharField(max_length=40, blank=True, editable=False)

    objects = RefreshFamilyQuerySet.as_manager()

    class Meta:
        db_table = "refresh_families"
        verbose_name_plural = "refresh families"
        constraints = [tenancy.Isolation(name="refresh_family_is_isolated", sees=f"person_id = {PERSON}")]

    def __str__(self) -> str:
        return f"{self.person}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_alive(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()
