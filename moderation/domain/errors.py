"""What is wrong with a configuration, place by place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldError:
    """One thing to correct: where, in a sentence that says what to do, with a code that stays the same."""

    path: str
    message: str
    code: str


class ConfigurationError(ValueError):
    """A configuration that cannot be used; `errors` is never empty."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors = tuple(errors)
        super().__init__("; ".join(f"{error.path}: {error.message}" for error in self.errors))
