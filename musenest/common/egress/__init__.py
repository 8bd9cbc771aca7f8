"""The one way out: every address that a person can set is called through here (ARCHITECTURE.md, decision 6).

    answer = egress.call("GET", "http://10.0.0.7:5000/health", timeout=5)

An answer with any status is returned; none at all raises an EgressError.
"""

from musenest.common.egress.calls import Answer, call
from musenest.common.egress.errors import (
    EgressError,
    ForbiddenAddressError,
    TimedOutError,
    TooMuchAnswerError,
    UnreachableError,
)
from musenest.common.egress.models import EgressAllowance

__all__ = [
    "Answer",
    "EgressAllowance",
    "EgressError",
    "ForbiddenAddressError",
    "TimedOutError",
    "TooMuchAnswerError",
    "UnreachableError",
    "call",
]
