"""Which service does which kind of work, and which schedule."""

from datetime import timedelta

from moderation.models import CaptionRequest, Deployment, SiteRemoval
from moderation.models.deployments import MOST_TRIES
from moderation.services import captions, deployments, removals, retention
from musenest.common import work

work.register(
    Deployment,
    kind="deployment",
    run=deployments.run,
    failed=deployments.give_up,
    max_attempts=MOST_TRIES,  # each says itself how many it has, and how long it waits between
    # Two calls of 5 s each, and room to write down what they brought.
    lease=timedelta(seconds=15),
)

work.register(
    CaptionRequest,
    kind="caption",
    run=captions.run,
    failed=captions.give_up,
    max_attempts=12,
    # 1 s, 2 s, 4 s … at most 5 min: about an hour in all.
    backoff=lambda attempt: timedelta(seconds=min(2 ** (attempt - 1), 300)),
    lease=timedelta(seconds=15),
)

work.register(
    SiteRemoval,
    kind="site_removal",
    run=removals.run,
    failed=removals.give_up,
    max_attempts=12,
    # 1 min, 2 min, 4 min … at most 6 h: about a day and a half in all.
    backoff=lambda attempt: timedelta(minutes=min(2 ** (attempt - 1), 360)),
    # A call of 5 s for each server that the site was on.
    lease=timedelta(seconds=60),
)

work.register_schedule("decisions.expire", retention.remove_expired, every=timedelta(minutes=10))
