from datetime import date
from uuid import uuid4

from django.db import models
from django.utils import timezone

from musenest.common import tenancy

LIVE, TEST = "live", "test"  # modes: as of the key that a use came by


def utc_today() -> date:
    return timezone.now().date()


class UsageRecord(models.Model):
    """One use: so many requests of one type on one UTC day. A void is a second row with the count
    turned negative. A row of the test mode counts in no figure.

    Written once, by rights: only `response_time_ms` is told later. Partitioned by month of `billing_period`;
    nothing refers to it by foreign key.
    """

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField()
    user_id = models.UUIDField(null=True)
    site_config_id = models.UUIDField(null=True)
    usage_type = models.CharField(max_length=40)
    request_count = models.IntegerField(default=1)
    response_time_ms = models.IntegerField(null=True)
    tokens_used = models.IntegerField(default=0)
    cost_cents = models.IntegerField(default=0)
    billing_period = models.DateField(default=utc_today, help_text="UTC day")
    metadata = models.JSONField(default=dict)
    voids = models.BigIntegerField(null=True, help_text="id of the row that this one takes back")
    # The table's own default, so that the statement before every picture need not say it.
    mode = models.CharField(
        max_length=4, default=LIVE, db_default=LIVE, choices=[(LIVE, "Live"), (TEST, "Test")]
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "ai_usage_tracking"
        managed = False

    def __str__(self) -> str:
        return f"{self.usage_type} × {self.request_count}"


class UsageState(models.TextChoices):
    RESERVED = "reserved"
    USED = "used"
    VOIDED = "voided"


class UsageKey(tenancy.TenantModel):
    """The key under which a use counts once, and whether it is reserved, used or voided. Small and
    unpartitioned, beside the big table: a week after it was settled it is deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=255)
    meter = models.CharField(max_length=40)
    usage_id = models.BigIntegerField()
    billing_period = models.DateField()
    quantity = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=UsageState, default=UsageState.RESERVED)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "usage_keys"
        constraints = [
            models.UniqueConstraint(fields=["organization", "meter", "key"], name="usage_key_once_per_meter"),
            tenancy.Isolation(name="usage_key_is_isolated"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="usage_key_reserved", condition=models.Q(state="reserved")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.key}"


class UsageCounter(tenancy.TenantModel):
    """How much of one meter an organisation used in one calendar month (UTC): what a limit is compared
    with.
    """

    meter = models.CharField(max_length=40)
    month = models.DateField(help_text="its first day")
    used = models.BigIntegerField(default=0)

    class Meta:
        db_table = "usage_counters"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "meter", "month"], name="usage_counter_once_per_month"
            ),
            models.CheckConstraint(condition=models.Q(used__gte=0), name="usage_counter_is_not_negative"),
            tenancy.Isolation(name="usage_counter_is_isolated"),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.month:%Y-%m}: {self.used}"
