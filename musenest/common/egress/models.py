from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.egress.addresses import one_spelling


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
    name = one_spelling(host)
    by_environment = (entry.rpartition(":") for entry in settings.EGRESS_ALLOW)
    if any((one_spelling(each), digits) == (name, str(port)) for each, _, digits in by_environment):
        return True
    with tenancy.staff():
        return EgressAllowance.objects.filter(host=name, port=port).exists()
