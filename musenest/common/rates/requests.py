"""Counting requests, and the errors that answer the ones too many."""

from typing import Any

import structlog
from django.conf import settings
from redis.exceptions import RedisError

from musenest.common.errors import LimitError, UnavailableError
from musenest.common.rates.classes import Rate
from musenest.common.rates.counters import Verdict, count

logger = structlog.get_logger(__name__)

SECONDS_UNTIL_REDIS_MAY_BE_BACK = 5


def take(*held: tuple[Rate, str]) -> Verdict | None:
    """Count one request under each (rate, subject), or under none where one is full.

    None where limits are switched off, and where Redis does not answer and no rate is vital. Raises
    UnavailableError where it does not answer and one is.
    """
    if not settings.RATE_LIMIT_ENABLED:
        return None
    try:
        return count(held)
    except RedisError as error:
        names = [rate.name for rate, _ in held]
        logger.error("rates_do_not_answer", rates=names, error=type(error).__name__)  # noqa: TRY400 -- known
        if any(rate.is_vital for rate, _ in held):
            raise uncounted() from error
        return None


def uncounted() -> UnavailableError:
    return UnavailableError(
        "Requests cannot be counted at the moment. Try again.",
        code="RATES_UNAVAILABLE",
        retry_after=SECONDS_UNTIL_REDIS_MAY_BE_BACK,
    )


def answer_with(request: Any, verdict: Verdict | None) -> None:
    """Have the answer's headers say what is left; raise LimitError where nothing was."""
    if verdict is None:
        return
    request.rate_verdict = verdict
    if not verdict.is_admitted:
        raise LimitError(
            "Too many requests: %(rate)s. Wait and try again.",
            code="RATE_LIMITED",
            figures={"rate": verdict.rate.item},
            details={
                "rate": verdict.rate.name,
                "limit": verdict.rate.amount,
                "seconds": verdict.rate.seconds,
            },
            retry_after=verdict.retry_after,
        )
