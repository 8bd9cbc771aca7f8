"""Why a call did not bring an answer, in words that tell nothing about networks that the caller cannot see."""


class EgressError(Exception):
    """No answer. `code` is stable, the text is for people."""

    code = "EGRESS_FAILED"


class ForbiddenAddressError(EgressError):
    code = "ADDRESS_FORBIDDEN"


class UnreachableError(EgressError):
    code = "UNREACHABLE"


class TimedOutError(EgressError):
    code = "TIMED_OUT"


class TooMuchAnswerError(EgressError):
    code = "ANSWER_TOO_LARGE"
