"""Work is a row (ARCHITECTURE.md, decision 1).

A kind of work is a model built on `WorkItem` and a function registered for it, in an app's `work.py`:

    work.register(Deployment, kind="deployment", run=deployments.run, failed=deployments.give_up)

A service makes the row in the transaction of the business change and calls `work.enqueue(item)`. The worker
claims the row, calls `run(item)` outside any transaction, and `run` ends it inside one: `with
work.finishing(item): …`.
"""

from musenest.common.work.items import WorkItem, WorkState
from musenest.common.work.outcomes import GiveUpError, LeaseLostError, RetryError
from musenest.common.work.registry import Kind, kinds, register
from musenest.common.work.running import cancel, enqueue, finishing, replay, run
from musenest.common.work.schedules import Schedule, register_schedule
from musenest.common.work.sweeping import sweep

__all__ = [
    "GiveUpError",
    "Kind",
    "LeaseLostError",
    "RetryError",
    "Schedule",
    "WorkItem",
    "WorkState",
    "cancel",
    "enqueue",
    "finishing",
    "kinds",
    "register",
    "register_schedule",
    "replay",
    "run",
    "sweep",
]
