from typing import Any
from uuid import uuid4

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator, URLValidator
from django.db import models
from django.utils import timezone

from moderation.domain.schemas import DOCUMENTS
from moderation.models.servers import Server
from moderation.models.templates import Template
from musenest.common import tenancy

RETENTION_MONTHS, LEAST_MONTHS, MOST_MONTHS = 13, 1, 36  # of decisions (REQUIREMENTS.md, 23)

# A composite key cannot say "shared or our own", so a trigger does: foreign keys ignore row-level security.
SERVER_IS_OURS_OR_SHARED = pgtrigger.Trigger(
    name="server_is_ours_or_shared",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("server_id", "organization_id"),  # type: ignore[no-untyped-call]  # pgtrigger is untyped
    when=pgtrigger.Before,
    func="""
        IF NEW.server_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM ai_moderation_servers s
            WHERE s.id = NEW.server_id AND (s.organization_id IS NULL OR s.organization_id =
            NEW.organization_id) ) THEN RAISE foreign_key_violation USING MESSAGE = 'the server
            belongs to another organization'; END IF; RETURN NEW;
    """,
)


class SiteStatus(models.TextChoices):
    PENDING = "pending"
    DEPLOYED = "deployed"
    FAILED = "failed"
    OUTDATED = "outdated"


class Site(tenancy.TenantModel):
    """A customer's site and how its pictures are moderated: a template, and what the site changes of it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site_identifier = models.CharField(
        max_length=100,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?\Z", "Letters, digits, dots and hyphens."
            )
        ],
        help_text="unique in the organisation; a domain is a good choice",
    )
    site_name = models.CharField(max_length=120)
    server = models.ForeignKey(Server, on_delete=models.PROTECT, null=True, blank=True, related_name="sites")
    industry_template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="sites")
    nudenet_config = models.JSONField(default=dict, blank=True)
    blip_config = models.JSONField(default=dict, blank=True)
    moderation_rules = models.JSONField(default=dict, blank=True)
    usage_intents = models.JSONField(default=dict, blank=True)
    webhook_url = models.URLField(
        max_length=2000, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    is_active = models.BooleanField(default=True)
    retention_months = models.PositiveSmallIntegerField(
        default=RETENTION_MONTHS,
        db_default=RETENTION_MONTHS,
        validators=[MinValueValidator(LEAST_MONTHS), MaxValueValidator(MOST_MONTHS)],
        help_text="how long its decisions are kept",
    )
    config_version = models.PositiveIntegerField(default=1, editable=False, help_text="counts its saves")
    revision = models.PositiveIntegerField(
        default=0, editable=False, help_text="number of its newest deployment"
    )
    deployment_status = models.CharField(
        max_length=8, choices=SiteStatus, default=SiteStatus.PENDING, editable=False
    )
    deployed_version = models.ForeignKey(
        "moderation.ConfigurationVersion",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        db_constraint=False,
    )
    # Where that version is: it decides there until the site is deployed to another server.
    deployed_server = models.ForeignKey(
        Server, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    deployed_revision = models.PositiveIntegerField(
        null=True, editable=False, help_text="revision of the deployment that brought that version"
    )
    last_deployed_at = models.DateTimeField(null=True, editable=False)
    last_saved_by = models.CharField(max_length=255, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # A site that is deleted leaves its versions, its history and its decisions behind.
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        db_table = "site_configurations"
        ordering = ["site_identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site_identifier"],
                condition=models.Q(deleted_at=None),
                name="site_identifier_once_per_organization",
            ),
            models.UniqueConstraint(fields=["organization", "id"], name="site_key_with_organization"),
            models.CheckConstraint(
                condition=models.Q(deployment_status__in=SiteStatus.values),
                name="site_deployment_status_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(retention_months__range=(LEAST_MONTHS, MOST_MONTHS)),
                name="site_retention_months_are_1_to_36",
            ),
            tenancy.SameOrganization(
                name="site_deployed_version_within_its_organization", field="deployed_version"
            ),
            tenancy.Isolation(name="site_is_isolated"),
        ]
        triggers = [SERVER_IS_OURS_OR_SHARED]

    def __str__(self) -> str:
        return self.site_identifier

    @property
    def documents(self) -> dict[str, Any]:
        """The four documents as the site changes them (not yet joined with its template)."""
        return {name: getattr(self, name) for name in DOCUMENTS}

    @property
    def is_deployed(self) -> bool:
        """Whether some version decides its pictures, whatever became of later deployments."""
        return self.deployed_version_id is not None
