"""Keeps what opens a door out of logs and error reports: the keys in addresses that we send by e-mail.

Knows nothing of Django, so that the settings may import it.
"""

import re
from typing import Any

# A slash may be percent-encoded, also twice, as in `/login?next=%2Finvitations%2F…`.
SLASH = r"(?:/|%(?:25)*2F)"
KEY_IN_PATH = re.compile(
    rf"({SLASH}(?:reset-password|invitations|verify){SLASH}+)[^/?#&\s\"'<>\\]+", re.IGNORECASE
)
# What Google hands over by the browser: all of it, up to where the address ends.
HANDED_OVER = re.compile(
    rf"({SLASH}auth{SLASH}google{SLASH}callback{SLASH}*(?:\?|%(?:25)*3F))[^\s\"'<>\\]+", re.IGNORECASE
)
# The same where an error report keeps the query apart from its address.
IN_QUERY = re.compile(r"\b((?:code|state)=)[^&\s]+", re.IGNORECASE)
QUERY = "query_string"
MASKED = r"\1[masked]"


def masked(text: str) -> str:
    """The text with `[masked]` for every key in a path, and for what an address elsewhere was called with."""
    return HANDED_OVER.sub(MASKED, KEY_IN_PATH.sub(MASKED, text))


def mask_line(logger: Any, method: str, line: str) -> str:
    """The last processor of structlog: masks the line as it is written, its traceback and all its fields."""
    return masked(line)


def mask_event(event: Any, hint: Any = None) -> Any:
    """Sentry's `before_send`: masks every string of the event, however deep."""
    if isinstance(event, str):
        return masked(event)
    if isinstance(event, dict):
        return {
            name: mask_query(value) if name == QUERY else mask_event(value) for name, value in event.items()
        }
    if isinstance(event, list | tuple):
        return [mask_event(value) for value in event]
    return event


def mask_query(query: Any) -> Any:
    return IN_QUERY.sub(MASKED, masked(query)) if isinstance(query, str) else mask_event(query)
