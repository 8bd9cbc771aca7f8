"""Which service does which schedule."""

from datetime import timedelta

from accounts.services import audit
from musenest.common import work

work.register_schedule("audit.seal", audit.seal_new, every=timedelta(seconds=5))
