import pgtrigger
from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.append_only import append_only

QUEUE_THE_EVENT = pgtrigger.Trigger(
    name="is_queued_for_sealing",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    func=(
        "INSERT INTO audit_unsealed (event_id, organization_id) VALUES (NEW.id, NEW.organization_id);"
        " RETURN NULL;"
    ),
)


class AuditEvent(models.Model):
    """One thing that somebody did. It has no foreign keys: what it tells outlives what it tells about."""

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField(null=True, db_index=False, help_text="none: the platform's own")
    action = models.CharField(max_length=60, help_text="noun.verb, as in site.updated")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=40, blank=True)
    actor_label = models.CharField(max_length=255)
    target_type = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    target_label = models.CharField(max_length=255, blank=True)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "audit_events"
        constraints = [tenancy.Isolation(name="audit_event_is_isolated")]
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="audit_event_by_organization"),
            models.Index(  # a schedule looks at these few among millions
                fields=["action", "created_at"],
                name="audit_event_of_impersonation",
                condition=models.Q(action__in=["impersonation.begun", "impersonation.ended"]),
            ),
        ]
        triggers = [*append_only(), QUEUE_THE_EVENT]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_label}"

    def sealed_content(self) -> dict[str, object]:
        """What the seal covers: every column, in a form that reads the same from the database at any time."""
        content = {field.attname: getattr(self, field.attname) for field in self._meta.concrete_fields}
        content["created_at"] = self.created_at.isoformat()
        return content


class UnsealedEvent(models.Model):
    """An audit event that waits for its seal. A trigger makes the row, so that no event escapes."""

    event_id = models.BigIntegerField(primary_key=True)
    organization_id = models.UUIDField(null=True)

    class Meta:
        db_table = "audit_unsealed"
        # The trigger inserts as whoever writes the event, so the policy is the event's.
        constraints = [tenancy.Isolation(name="unsealed_event_is_isolated")]

    def __str__(self) -> str:
        return str(self.event_id)


class AuditSeal(models.Model):
    """The seal of one audit event: a link of its organisation's chain."""

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField(null=True)
    sequence = models.BigIntegerField()
    event_id = models.BigIntegerField(unique=True)
    seal = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "audit_seals"
        constraints = [
            models.UniqueConstraint(
                fields=["organization_id", "sequence"], nulls_distinct=False, name="audit_seal_once_per_link"
            ),
            tenancy.Isolation(name="audit_seal_is_isolated"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.sequence}: {self.seal[:12]}"
