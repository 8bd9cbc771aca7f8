"""The errors that services raise and interfaces translate (REQUIREMENTS.md, decisions 2 and 3).

Each has a status, a stable code, a sentence for a person and details for a program. What is not one of these
is our fault and never reaches a client in words.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from musenest.common.sentences import say


class MuseNestError(Exception):
    """An answer other than success that the caller can act upon.

    `message` is one English sentence, which programs and records get; pages show `said`. What differs from
    case to case is given as `figures` for the `%(name)s` in it, so that a translator sees one sentence.
    """

    status = 500
    code = "INTERNAL_ERROR"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        details: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
        figures: Mapping[str, Any] | None = None,
    ) -> None:
        self.template, self.figures = message, figures
        self.message = message % figures if figures else message
        super().__init__(self.message)
        self.code = code or self.code
        self.details = dict(details or {})
        self.retry_after = retry_after

    @property
    def said(self) -> str:
        """The sentence in the reader's language."""
        return gettext(self.template) % self.figures if self.figures else say(self.message)


class MalformedError(MuseNestError):
    status, code = 400, "MALFORMED"


class NotSignedInError(MuseNestError):
    status, code = 401, "NOT_SIGNED_IN"


class DeniedError(MuseNestError):
    """Not allowed here, or not in this plan."""

    status, code = 403, "DENIED"


class NotFoundError(MuseNestError):
    """It does not exist, or it is not yours: nobody can tell which."""

    status, code = 404, "NOT_FOUND"


class ConflictError(MuseNestError):
    """It conflicts with the state of things."""

    status, code = 409, "CONFLICT"


class LengthRequiredError(MuseNestError):
    status, code = 411, "LENGTH_REQUIRED"


class TooLargeError(MuseNestError):
    status, code = 413, "TOO_LARGE"


class UnsupportedError(MuseNestError):
    status, code = 415, "UNSUPPORTED"


class InvalidError(MuseNestError):
    """Well-formed but invalid; `details.errors` lists {path, code, message}."""

    status, code = 422, "VALIDATION_ERROR"


class LimitError(MuseNestError):
    """A rate or a quota; `retry_after` is in seconds."""

    status, code = 429, "LIMIT_REACHED"


class UnavailableError(MuseNestError):
    """Something we depend on does not answer; `retry_after` is in seconds."""

    status, code = 503, "UNAVAILABLE"
