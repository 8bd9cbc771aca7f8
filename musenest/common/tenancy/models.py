"""The abstract model of everything that an organisation owns."""

from django.db import models


class TenantModel(models.Model):
    """A row that belongs to one organisation. Its Meta names an `Isolation` (a guard looks for it)."""

    organization = models.ForeignKey("accounts.Organization", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True
