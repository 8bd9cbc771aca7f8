from typing import Any

from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.append_only import append_only


class Template(models.Model):
    """An industry's starting point for a site: figures that fit it, each with its reason."""

    name = models.SlugField(max_length=40, unique=True)
    display_name = models.CharField(max_length=80)
    description = models.TextField()
    needs_attestation = models.BooleanField(
        default=False, help_text="the owner states that ages and consent are on record (REQUIREMENTS.md, 28)"
    )
    needs_blip = models.BooleanField(default=False, help_text="only on servers that caption pictures")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "industry_templates"
        ordering = ["id"]
        constraints = [tenancy.Isolation(name="template_is_changed_by_staff", sees="true", changes="false")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def latest(self) -> "TemplateVersion":
        version: TemplateVersion = self.versions.latest("number")
        return version


class TemplateVersion(models.Model):
    """What a template said from one edit to the next."""

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    documents = models.JSONField(help_text="nudenet_config, blip_config, moderation_rules, usage_intents")
    rationale = models.JSONField(default=dict, help_text="the reason of each figure, by path")
    created_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "industry_template_versions"
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once_per_number"),
            tenancy.Isolation(name="template_version_is_made_by_staff", sees="true", changes="false"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.template} {self.number}"

    def document(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.documents[name]
        return found
