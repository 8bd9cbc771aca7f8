from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.encryption import EncryptedTextField

UNLIMITED = -1
SHARED_OR_OWN = f"organization_id IS NULL OR {tenancy.organization_policy()}"


class Adapter(models.TextChoices):
    NATIVE = "native"
    V3 = "v3"
    INFER = "infer"


class ServerStatus(models.TextChoices):
    UNKNOWN = "unknown"
    ONLINE = "online"
    DEGRADED = "degraded"
    OFFLINE = "offline"


class Protocol(models.TextChoices):
    HTTP = "http"
    HTTPS = "https"


class Server(models.Model):
    """A moderation server: the operator's, shared by all organisations, or one that an organisation
    brought.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, null=True, blank=True, related_name="+",
        help_text="none: shared by all organisations",
    )  # fmt: skip
    name = models.CharField(max_length=80)
    adapter = models.CharField(max_length=8, choices=Adapter, default=Adapter.NATIVE)
    protocol = models.CharField(max_length=5, choices=Protocol, default=Protocol.HTTPS)
    ip_address = models.CharField(
        "IP address or host name",
        max_length=253,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9.:\-]+\Z", "A host name or an IP address, without protocol and path."
            )
        ],
    )
    port = models.PositiveIntegerField(
        default=5000, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    api_key = EncryptedTextField(blank=True)
    region = models.CharField(max_length=32, default="eu")
    max_sites = models.IntegerField(
        default=UNLIMITED, validators=[MinValueValidator(UNLIMITED)], help_text="-1 is unlimited"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # What the last check saw.
    status = models.CharField(
        max_length=8, choices=ServerStatus, default=ServerStatus.UNKNOWN, editable=False
    )
    capabilities = models.JSONField(default=list, editable=False)
    is_blip_available = models.BooleanField("captions", default=False, editable=False)
    takes_blip_configuration = models.BooleanField(default=True, editable=False)
    version = models.CharField(max_length=40, blank=True, editable=False)
    response_time_ms = models.PositiveIntegerField(null=True, editable=False)
    uptime_seconds = models.PositiveIntegerField("uptime, seconds", null=True, editable=False)
    last_checked_at = models.DateTimeField(null=True, editable=False)
    last_error = models.TextField(blank=True, editable=False)

    class Meta:
        db_table = "ai_moderation_servers"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], nulls_distinct=False, name="server_name_once_per_owner"
            ),
            models.CheckConstraint(
                condition=models.Q(adapter__in=Adapter.values), name="server_adapter_is_known"
            ),
            models.CheckConstraint(condition=models.Q(port__range=(1, 65535)), name="server_port_is_a_port"),
            tenancy.Isolation(
                name="server_is_isolated", sees=SHARED_OR_OWN, changes=tenancy.organization_policy()
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        host = f"[{self.ip_address}]" if ":" in self.ip_address else self.ip_address
        return f"{self.protocol}://{host}:{self.port}"

    @property
    def is_shared(self) -> bool:
        return self.organization_id is None
