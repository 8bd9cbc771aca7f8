"""How often one may ask (REQUIREMENTS.md, decision 12). Counted in Redis, exactly, however many ask at once.

    verdict = rates.take((rates.API, "person:…"))           # None where limits are off
    rates.answer_with(request, verdict)                     # its headers; LimitError where it was too many
    rates.require_pictures(request, caller)                 # a picture of an organisation, by its tier

Rates compose: all are counted in one step or none is, and the strictest answers. The middleware
`musenest.common.rates.answers.headers` says what is left in `RateLimit-*`.
"""

from musenest.common.rates.classes import (
    ANALYZE,
    ANONYMOUS,
    API,
    AUTH,
    LETTERS,
    ORGANIZATION,
    PAGES,
    STAFF,
    TRIES,
    Rate,
)
from musenest.common.rates.pictures import pictures_of, require_pictures
from musenest.common.rates.requests import answer_with, take, uncounted

__all__ = [
    "ANALYZE",
    "ANONYMOUS",
    "API",
    "AUTH",
    "LETTERS",
    "ORGANIZATION",
    "PAGES",
    "STAFF",
    "TRIES",
    "Rate",
    "answer_with",
    "pictures_of",
    "require_pictures",
    "take",
    "uncounted",
]
