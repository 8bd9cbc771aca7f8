from typing import Any
from uuid import uuid4

from django.db import models
from django.utils import timezone

from moderation.models.sites import Site
from moderation.models.templates import TemplateVersion
from musenest.common import tenancy
from musenest.common.append_only import append_only


class ConfigurationVersion(tenancy.TenantModel):
    """An immutable configuration of a site: what it was made of, what is sent to a server, and the
    digest of that.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="versions", db_constraint=False)
    number = models.PositiveIntegerField()
    template_version = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, related_name="+")
    documents = models.JSONField(help_text="the effective documents")
    sources = models.JSONField(help_text="where each figure comes from, by path")
    nudenet = models.JSONField(help_text="translated")
    blip = models.JSONField(help_text="translated")
    moderation_rules = models.JSONField()
    usage_intents = models.JSONField()
    warnings = models.JSONField(default=list)
    translator_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    created_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "configuration_versions"
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="configuration_version_once_per_number"),
            models.UniqueConstraint(
                fields=["organization", "id"], name="configuration_version_key_with_organization"
            ),
            tenancy.SameOrganization(name="configuration_version_within_its_organization", field="site"),
            tenancy.Isolation(name="configuration_version_is_isolated"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.site_id} version {self.number}"

    @property
    def payload(self) -> dict[str, Any]:
        """What the digest covers and a server stores (PROTOCOL.md, native)."""
        return {
            "nudenet": self.nudenet,
            "blip": self.blip,
            "moderation_rules": self.moderation_rules,
            "usage_intents": self.usage_intents,
        }
