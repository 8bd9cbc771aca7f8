"""docs/quickstart.md as a program follows it: its programs saved, its commands run, their output compared."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "quickstart.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAMS = {"bash": "moderate.sh", "python": "moderate.py"}
CURL = shutil.which("curl")


def blocks(language: str) -> list[str]:
    return [text for found, text in BLOCK.findall(PAGE) if found == language]


def sessions() -> Iterator[tuple[str, str]]:
    """Every command of the page's sessions, with the output that follows it."""
    for block in blocks("console"):
        for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = session.partition("\n")
            yield command, output


@dataclass
class Desk:
    """A folder with the page's programs and pictures, and what the page has exported."""

    folder: Path
    env: dict[str, str]

    def run(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env=self.env | env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def desk_at(folder: Path, *, url: str, key: str, site: str) -> Desk:
    for language, name in PROGRAMS.items():
        (text,) = blocks(language)
        (folder / name).write_text(text)
    shutil.copytree(ROOT / "docs" / "test-pictures", folder / "test-pictures")
    env = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "MUSENEST_URL": url,
        "MUSENEST_KEY": key,
        "MUSENEST_SITE": site,
    }
    return Desk(folder, env)


def follow(desk: Desk) -> None:
    """Every command of the page says what the page says."""
    seen = 0
    for command, output in sessions():
        done = desk.run(command)
        if output:
            assert done.stdout == output, command
            assert (done.returncode == 0) == (output == "approved\n"), command
            seen += 1
        else:
            (expected,) = blocks("json")
            assert contains(json.loads(done.stdout), json.loads(expected))
    assert seen >= 12


def contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return all(name in whole and contains(whole[name], value) for name, value in part.items())
    return bool(whole == part)
