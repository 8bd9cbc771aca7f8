from uuid import uuid4

from django.db import models
from django.utils import timezone

from musenest.common import tenancy


class Organization(models.Model):
    """A customer: what owns sites, keys, a subscription and everything that is metered."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    # The one name that is unique over all organisations: it stands in the portal's addresses.
    slug = models.SlugField(max_length=60, unique=True)
    email = models.EmailField("e-mail for bills and notices", max_length=255)
    region = models.CharField(max_length=32, default="eu", help_text="where its data is processed")
    jurisdiction = models.CharField(max_length=64, blank=True, help_text="whose law it works under")
    contact = models.CharField("privacy contact", max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "organizations"
        constraints = [
            tenancy.Isolation(name="organization_is_isolated", sees=tenancy.organization_policy("id")),
        ]

    def __str__(self) -> str:
        return self.name
