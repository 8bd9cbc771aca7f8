from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from musenest.common import tenancy


class EgressAllowance(models.Model):
    """One private host and port that staff allow to be called."""

    host = models.CharField(max_length=253, help_text="exactly as it stands in the server's address")
    port = models.PositiveIntegerField(validators=[MinValueValidator(1), MaxValueValidator(65535)])
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        app_label = "common"
        db_table = "egress_allowances"
        constraints = [
            models.UniqueConstraint(fields=["host", "port"], name="egress_allowance_once_per_host_and_port"),
            tenancy.Isolation(name="egress_allowance_is_staffs", sees="false"),
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def is_allowed(host: str, port: int) -> bool:
    """Whether the environment or staff allow this private host and port."""
    if f"{host}:{port}" in settings.EGRESS_ALLOW:
        return True
    with tenancy.staff():
        return EgressAllowance.objects.filter(host=host, port=port).exists()
