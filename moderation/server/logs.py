"""One JSON object per line on stderr. Never a picture, a caption or a key: figures, codes and hashes only."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any


def write(event: str, *, level: str = "info", **fields: Any) -> None:
    """Write one line at once."""
    instant = dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")
    sys.stderr.write(json.dumps({"timestamp": instant, "level": level, "event": event, **fields}) + "\n")
    sys.stderr.flush()
