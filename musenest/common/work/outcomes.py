"""How a run may end other than well."""

from datetime import timedelta


class RetryError(Exception):
    """Try again: after `after`, or after the kind's back-off. Counts as a try; the last one ends the row as
    failed.
    """

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class GiveUpError(Exception):
    """No further try can help: the row ends as failed with this reason."""


class LeaseLostError(Exception):
    """Another worker has the row by now, or somebody ended it: what this run found must not be written."""
