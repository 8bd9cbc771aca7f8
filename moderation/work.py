"""Which service does which kind of work."""

from datetime import timedelta

from moderation.models import Deployment
from moderation.services import deployments
from musenest.common import work

work.register(
    Deployment,
    kind="deployment",
    run=deployments.run,
    failed=deployments.give_up,
    max_attempts=3,
    backoff=lambda attempt: timedelta(seconds=2 ** (attempt - 1)),
    # Two calls of 5 s each, and room to write down what they brought.
    lease=timedelta(seconds=15),
)
