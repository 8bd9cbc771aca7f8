"""The source of this program, for whoever uses it over a network (AGPL-3.0, section 13)."""

from __future__ import annotations

import io
import tarfile
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("moderation/server", "moderation/domain")
_KINDS = frozenset({".py", ".in", ".txt", ""})


@cache
def archive() -> bytes:
    """Return a tar.gz of the server and of what it imports of MuseNest, as they run here."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for folder in _FOLDERS:
            for path in sorted((_ROOT / folder).rglob("*")):
                if path.is_file() and path.suffix in _KINDS:
                    tar.add(path, path.relative_to(_ROOT).as_posix(), filter=_anonymous)
    return buffer.getvalue()


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry
