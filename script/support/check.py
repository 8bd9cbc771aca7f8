"""Every linter, one after the other; all run even where one fails. What `script/check` runs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from script.support import testing
from script.support.service import ServiceError

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
TYPED = (
    "accounts",
    "analytics",
    "billing",
    "moderation",
    "musenest",
    "script",
    "tests",
    "bench",
    "manage.py",
)


def steps(root: Path) -> dict[str, list[str | Path]]:
    manage: list[str | Path] = [sys.executable, "manage.py"]
    typed = [name for name in TYPED if (root / name).is_file() or any((root / name).rglob("*.py"))]
    return {
        "ruff check": [BIN / "ruff", "check", "--output-format", "concise", "."],
        "ruff format": [BIN / "ruff", "format", "--check", "--output-format", "concise", "."],
        "mypy": [BIN / "mypy", "--explicit-package-bases", *typed],
        "import contracts": [BIN / "lint-imports", "--no-logo"],
        "djlint": [BIN / "djlint", "--lint", "--quiet", "templates"],
        "django check": [*manage, "check", "--fail-level", "WARNING"],
        "missing migrations": [*manage, "makemigrations", "--check", "--dry-run"],
        "migration linter": [sys.executable, "-m", "script.support.migrations"],
    }


def run(name: str, command: list[str | Path], root: Path, environment: dict[str, str]) -> bool:
    """Runs one step and tells its name, result and time; what it said only where it failed."""
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    passed = done.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - started:.1f} s)", flush=True)
    if not passed:
        print(done.stdout.rstrip(), flush=True)
    return passed


@contextmanager
def database(root: Path) -> Iterator[dict[str, str]]:
    """The environment with an empty database, which the steps about migrations ask for its kind."""
    services = testing.start(root / "var" / "test", durable=False)
    try:
        url = services.postgres.admin_url
        yield os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": url, "ENVIRONMENT": "test"}
    finally:
        services.stop()


def main(root: Path = ROOT) -> int:
    with database(root) as environment:
        passed = [run(name, command, root, environment) for name, command in steps(root).items()]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServiceError as error:
        sys.exit(str(error))
