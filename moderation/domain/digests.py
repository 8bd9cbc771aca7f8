"""One text, and so one digest, for one configuration (PROTOCOL.md, "native")."""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any


def canonical_json(value: object) -> bytes:
    """JSON in UTF-8 with sorted keys and no white space, where `7`, `7.0` are one number and so are `0`,
    `-0.0`.

    Raises:
        ValueError: a number is NaN or infinite, or a text is not valid Unicode.
        TypeError: something is not JSON, for example a key that is not text.

    """
    text = json.dumps(
        _normalised(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hex; raises what `canonical_json` raises."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _normalised(value: object) -> Any:
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_key(key): _normalised(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normalised(item) for item in value]
    return value


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("A number is NaN or infinite, which JSON cannot hold.")
    return int(value) if value.is_integer() else value


def _key(key: object) -> str:
    # json.dumps would turn 1 and True into texts, and two different keys could then become one.
    if not isinstance(key, str):
        raise TypeError(f"A key of an object must be text, not {type(key).__name__}.")
    return key
