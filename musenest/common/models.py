"""The kernel's own tables."""

from musenest.common.egress.models import EgressAllowance
from musenest.common.idempotency import IdempotencyRecord
from musenest.common.work.schedules import Schedule

__all__ = ["EgressAllowance", "IdempotencyRecord", "Schedule"]
