from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.encryption import EncryptedTextField
from musenest.common.work.items import WorkItem, due_index


class WebhookEndpoint(tenancy.TenantModel):
    """An address of a customer that wants to hear of events."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    url = models.URLField(max_length=2000)
    events = ArrayField(models.CharField(max_length=60), default=list)
    secret = EncryptedTextField()
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "webhook_endpoints"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "id"], name="webhook_endpoint_key_with_organization"
            ),
            tenancy.Isolation(name="webhook_endpoint_is_isolated"),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(tenancy.TenantModel, WorkItem):
    """One event on its way to one endpoint, as work."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_constraint=False
    )
    event = models.CharField(max_length=60)
    payload = models.JSONField()
    response_status = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        db_table = "webhook_deliveries"
        verbose_name_plural = "webhook deliveries"
        constraints = [
            tenancy.SameOrganization(name="webhook_delivery_within_its_organization", field="endpoint"),
            tenancy.Isolation(name="webhook_delivery_is_isolated"),
        ]
        indexes = [due_index("webhook_delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} to {self.endpoint_id}"
