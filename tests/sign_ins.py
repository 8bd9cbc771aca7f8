"""The old name of `tests.samples.browsers`, until nobody asks for it."""

from tests.samples import signed_in

__all__ = ["signed_in"]
