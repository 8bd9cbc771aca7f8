"""The profiles on disk: one file per site under the data folder, written so that a crash leaves the old or
the new one.

The folder is the truth, also for another server process on the same folder: every read looks whether the file
has changed, every write takes the site's lock. A deleted profile leaves its revision behind, so revisions
only grow.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.domain.errors import ConfigurationError
from moderation.domain.profiles import Profile, parse_profile
from moderation.server.errors import ApiError

_SUFFIX = ".json"


@dataclass(frozen=True)
class Stored:
    """What a site's file holds; `profile` is None behind a DELETE."""

    revision: int
    applied_at: str
    profile: Profile | None

    def payload(self) -> dict[str, Any]:
        document: dict[str, Any] = {"revision": self.revision, "applied_at": self.applied_at}
        if self.profile is None:
            return document
        return {**document, "digest": self.profile.digest, **self.profile.payload()}


class ProfileStore:
    """All sites' profiles under `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "sites"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._cache: dict[str, tuple[tuple[int, int, int], Stored | None]] = {}

    def get(self, site: str) -> Stored:
        """Return a site's profile; raises ApiError 404 SITE_UNKNOWN, 500 PROFILE_UNREADABLE when its file is
        damaged.
        """
        path = self._path(site)
        try:
            stored = self._read(site, path, path.stat())
        except FileNotFoundError:
            stored = Stored(0, "", None)
        if stored is None:
            raise ApiError("PROFILE_UNREADABLE", 500, "The site's profile is damaged: apply it again.")
        if stored.profile is None:
            raise ApiError("SITE_UNKNOWN", 404, "This server has no profile for the site.")
        return stored

    def summary(self) -> dict[str, dict[str, Any]]:
        """Return `{site: {revision, digest}}`; a damaged profile shows a digest that agrees with no
        configuration.
        """
        with os.scandir(self._folder) as entries:
            files = [entry for entry in entries if entry.name.endswith(_SUFFIX)]
        result: dict[str, dict[str, Any]] = {}
        for file in files:
            site = file.name.removesuffix(_SUFFIX)
            stored = self._read(site, Path(file.path), file.stat())
            if stored is None:
                result[site] = {"revision": 0, "digest": ""}
            elif stored.profile is not None:
                result[site] = {"revision": stored.revision, "digest": stored.profile.digest}
        return result

    def put(self, site: str, revision: int, profile: Profile) -> Stored:
        """Store a profile durably and return it; a repetition of what is stored changes nothing.

        Raises ApiError 409 REVISION_CONFLICT, with the current revision and digest, for a lower revision, for
        the same one with another digest, and for the same one behind a DELETE.
        """
        with self._locked(site):
            current = self._current(site)
            if current.profile and (current.revision, current.profile.digest) == (revision, profile.digest):
                return current
            if revision <= current.revision:
                raise _conflict(current)
            stored = Stored(revision, _now(), profile)
            write_durably(self._path(site), stored.payload())
            return stored

    def delete(self, site: str) -> int:
        """Leave only the revision; returns it. Raises ApiError 404 SITE_UNKNOWN for a site that was never
        there, or whose file is damaged: then nothing of it is left.
        """
        with self._locked(site):
            current = self._current(site)
            if not current.revision:
                self._path(site).unlink(missing_ok=True)
                raise ApiError("SITE_UNKNOWN", 404, "This server has no profile for the site.")
            if current.profile is not None:
                write_durably(self._path(site), Stored(current.revision, _now(), None).payload())
            return current.revision

    def _current(self, site: str) -> Stored:
        path = self._path(site)
        try:
            stored = self._read(site, path, path.stat())
        except FileNotFoundError:
            stored = None
        return stored or Stored(0, "", None)  # a damaged file is replaced by whatever comes

    def _read(self, site: str, path: Path, status: os.stat_result) -> Stored | None:
        signature = (status.st_ino, status.st_mtime_ns, status.st_size)
        known = self._cache.get(site)
        if known and known[0] == signature:
            return known[1]
        stored = _parse(path.read_bytes())
        self._cache[site] = (signature, stored)
        return stored

    def _path(self, site: str) -> Path:
        return self._folder / f"{site}{_SUFFIX}"

    @contextmanager
    def _locked(self, site: str) -> Iterator[None]:
        with (self._folder / f"{site}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def write_durably(path: Path, document: Mapping[str, Any]) -> None:
    """Replace a file so that it survives a power cut: new file, fsync, rename, fsync of the folder."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".new", delete=False) as file:
        try:
            json.dump(document, file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _parse(text: bytes) -> Stored | None:
    """Read a file's content; None when it is damaged, which the digest tells."""
    try:
        document = json.loads(text)
        if "nudenet" not in document:
            return Stored(document["revision"], document["applied_at"], None)
        profile = parse_profile(document)
        if profile.digest != document["digest"]:
            return None
        return Stored(document["revision"], document["applied_at"], profile)
    except (ValueError, KeyError, TypeError, ConfigurationError):
        return None


def _conflict(current: Stored) -> ApiError:
    digest = current.profile.digest if current.profile else None
    return ApiError(
        "REVISION_CONFLICT",
        409,
        f"The site's revision here is {current.revision}; only a higher one replaces it.",
        extra={"revision": current.revision, "digest": digest},
    )


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()
