from django.db import models
from django.utils import timezone

from musenest.common import tenancy
from musenest.common.append_only import append_only


class Attestation(tenancy.TenantModel):
    """An owner's statement that ages and consent are on record, in the wording of its day
    (REQUIREMENTS.md, 28).
    """

    wording_version = models.PositiveIntegerField()
    wording = models.TextField()
    stated_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "attestations"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "wording_version"], name="attestation_once_per_wording"
            ),
            tenancy.Isolation(name="attestation_is_isolated"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.stated_by}, wording {self.wording_version}"
