"""The model's file: where the `nudenet` package keeps it, and its digest."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

MODEL_FILE = "320n.onnx"


def model_path() -> Path:
    """Return where the model is, without importing the package that carries it; raises FileNotFoundError."""
    found = importlib.util.find_spec("nudenet")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("the package nudenet, which carries the model, is not installed")
    return Path(found.submodule_search_locations[0], MODEL_FILE)


def model_digest(path: Path) -> str:
    """Return the SHA-256 of the model's file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
