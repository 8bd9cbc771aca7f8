"""The old name of `tests.samples.api`, until nobody asks for it."""

from tests.samples.api import *  # noqa: F403 -- passes everything on
