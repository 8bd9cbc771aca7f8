"""Why a call brought no answer, in words that tell nothing of networks that the caller cannot see."""


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
