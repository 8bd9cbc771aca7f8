"""Folders for services that a test starts itself, apart from those of the run."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from script.support import cluster, postgres, valkey


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where clusters move that their user could not reach."""
    folder = Path(tempfile.mkdtemp(prefix="musenest-elsewhere-"))
    folder.chmod(0o755)
    monkeypatch.setattr(cluster, "ELSEWHERE", folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; what a test starts in it is stopped."""
    folder = Path(tempfile.mkdtemp(prefix="musenest-open-"))
    folder.chmod(0o755)
    yield folder
    postgres.stop(folder / "postgres")
    valkey.stop(folder / "valkey")
    shutil.rmtree(folder)
