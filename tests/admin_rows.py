"""The old name of `tests.samples`, until nobody asks for it."""

from tests.samples import (
    PASSWORD,
    SECRET,
    World,
    caption_request,
    signed_in,
    staff_person,
    world,
)
from tests.samples import hidden_decision as decision
from tests.samples import hidden_event as event

__all__ = [
    "PASSWORD",
    "SECRET",
    "World",
    "caption_request",
    "decision",
    "event",
    "signed_in",
    "staff_person",
    "world",
]
