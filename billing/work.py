"""Which service does which schedule."""

from datetime import timedelta

from billing.services import usage
from musenest.common import work

work.register_schedule("usage.forget_settled", usage.forget_settled, every=timedelta(hours=1))
work.register_schedule("usage.void_abandoned", usage.void_abandoned, every=timedelta(seconds=30))
