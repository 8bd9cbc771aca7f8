"""What every rollup is built of. Triggers keep the rows in the transaction of what they count, so nothing
here is ever saved by Django (see `analytics/migrations/_rollups.py`).
"""

from django.db import models

from musenest.common import tenancy

# The triggers say that they write. No tenant sees or changes what all organisations did together.
KEPT_BY_TRIGGERS = "current_setting('musenest.rollup', true) = 'on'"


class Rollup(models.Model):
    """Figures of one UTC day. A day has a few slots, so that callers who write at one moment do not wait for
    one another: a figure is the sum of them, and one slot alone may be negative.
    """

    day = models.DateField(help_text="UTC")
    slot = models.SmallIntegerField()

    class Meta:
        abstract = True


class OfOrganization(Rollup):
    """The level that tenants read: their own. Without a foreign key, as the rows that it counts."""

    organization_id = models.UUIDField()

    class Meta:
        abstract = True


def isolated_total(name: str) -> tenancy.Isolation:
    """For the level of all organisations, which only staff read."""
    return tenancy.Isolation(name=name, sees=KEPT_BY_TRIGGERS)
