"""The arithmetic of sealed history: a keyed hash over a row and the seal before it (ARCHITECTURE.md, decision
7).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def seal(row: Mapping[str, Any], previous: str, *, key: str) -> str:
    """HMAC-SHA256, as hex, over the canonical JSON of `row` and the previous seal (`GENESIS` for the first
    row).
    """
    text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hmac.new(key.encode(), f"{previous}\n{text}".encode(), hashlib.sha256).hexdigest()


def is_intact(sealed: str, row: Mapping[str, Any], previous: str, *, key: str) -> bool:
    return hmac.compare_digest(sealed, seal(row, previous, key=key))
