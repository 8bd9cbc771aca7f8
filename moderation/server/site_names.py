"""A site's name on the wire: its UUID, which also names its file."""

from __future__ import annotations

import uuid

from moderation.server.errors import ApiError


def site_name(text: str) -> str:
    """Return the UUID in its canonical spelling; raises ApiError 404 SITE_UNKNOWN for anything else."""
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise ApiError("SITE_UNKNOWN", 404, "A site is named by its UUID.") from error
