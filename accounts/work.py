"""Which service does which kind of work, and which schedule."""

from datetime import timedelta

from accounts.models import Notification
from accounts.services import audit, checkpoints, impersonations, notifications, sessions, sign_ins
from musenest.common import work

work.register(
    Notification,
    kind="notification",
    run=notifications.run,
    max_attempts=8,  # for about two hours
    lease=timedelta(seconds=60),  # a mail server may take half a minute
)

work.register_schedule("sign_ins.forget", sign_ins.forget_old, every=timedelta(days=1))
work.register_schedule("sessions.forget", sessions.forget_over, every=timedelta(days=1))
work.register_schedule("impersonations.end", impersonations.end_overdue, every=timedelta(minutes=1))
work.register_schedule("audit.seal", audit.seal_new, every=timedelta(seconds=5))
work.register_schedule("audit.checkpoint", checkpoints.write, every=timedelta(minutes=5))
