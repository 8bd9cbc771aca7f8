"""The old name of `tests.samples`, until nobody asks for it."""

from tests.samples import PASSWORD, endpoint, organization, person
from tests.samples import membership as member

__all__ = ["PASSWORD", "endpoint", "member", "organization", "person"]
