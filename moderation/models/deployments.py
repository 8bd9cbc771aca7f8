from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from moderation.models.servers import Server
from moderation.models.sites import Site
from moderation.models.versions import ConfigurationVersion
from musenest.common import tenancy
from musenest.common.work.items import WorkItem, due_index


class DeploymentStatus(models.TextChoices):
    PENDING = "pending"
    IN_PROGRESS = "in_progress"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled_back"


OPEN = (DeploymentStatus.PENDING, DeploymentStatus.IN_PROGRESS)

# Tries, and milliseconds before the second one (M-111, M-112); and what may be asked for instead.
TRIES, MOST_TRIES = 3, 10
DELAY_MS, LEAST_DELAY_MS, MOST_DELAY_MS = 1000, 100, 60_000
LONGEST_WAIT = timedelta(minutes=5)


class Deployment(tenancy.TenantModel, WorkItem):
    """The work that applies one configuration version to a site's server; all of them are the site's
    history.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    site_config = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="deployments", db_constraint=False
    )
    server = models.ForeignKey(Server, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.ForeignKey(
        ConfigurationVersion, on_delete=models.PROTECT, related_name="deployments", db_constraint=False
    )
    revision = models.PositiveIntegerField(
        help_text="numbers the deployments of a site; a server refuses a lower one"
    )
    deployment_status = models.CharField(
        max_length=12, choices=DeploymentStatus, default=DeploymentStatus.PENDING
    )
    max_retries = models.PositiveSmallIntegerField(
        default=TRIES,
        db_default=TRIES,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_TRIES)],
        help_text="tries in all",
    )
    retry_delay_base_ms = models.PositiveIntegerField(
        default=DELAY_MS,
        db_default=DELAY_MS,
        validators=[MinValueValidator(LEAST_DELAY_MS), MaxValueValidator(MOST_DELAY_MS)],
        help_text="the wait after the first try; each one after it is twice as long",
    )
    created_by = models.CharField(max_length=255)
    deployed_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    limitations = models.JSONField(
        default=list, help_text="what the server could not take, as code and message"
    )
    response_time_ms = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "configuration_history"
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(fields=["site_config", "revision"], name="deployment_once_per_revision"),
            models.UniqueConstraint(
                fields=["site_config"],
                condition=models.Q(deployment_status="pending"),
                name="deployment_one_pending_per_site",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    max_retries__range=(1, MOST_TRIES),
                    retry_delay_base_ms__range=(LEAST_DELAY_MS, MOST_DELAY_MS),
                ),
                name="deployment_tries_are_bounded",
            ),
            tenancy.SameOrganization(name="deployment_within_its_organization", field="site_config"),
            tenancy.SameOrganization(name="deployment_version_within_its_organization", field="version"),
            tenancy.Isolation(name="deployment_is_isolated"),
        ]
        indexes = [due_index("deployment_due")]

    def __str__(self) -> str:
        return f"{self.site_config_id} revision {self.revision}"

    @property
    def is_pending(self) -> bool:
        return self.deployment_status in OPEN

    @property
    def is_successful(self) -> bool:
        return self.deployment_status == DeploymentStatus.SUCCESSFUL

    def wait(self) -> timedelta | None:
        """How long to wait after the try that failed (M-117); None after the last one."""
        if self.attempts >= self.max_retries:
            return None
        asked: timedelta = timedelta(milliseconds=self.retry_delay_base_ms) * 2 ** (self.attempts - 1)
        return min(asked, LONGEST_WAIT)

    @property
    def nudenet_config(self) -> dict[str, Any]:
        """The snapshot that was sent (M-50); it is the version's, which never changes."""
        payload: dict[str, Any] = self.version.nudenet
        return payload

    @property
    def blip_config(self) -> dict[str, Any]:
        payload: dict[str, Any] = self.version.blip
        return payload
