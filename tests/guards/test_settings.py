"""Every setting that the environment may give stands in `.env.example`, and no other."""

import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"\b(?:env(?:\.\w+)?|secret)\(\s*\"([A-Z][A-Z0-9_]*)\"((?:,\s*\"[A-Z0-9_]+\")*)")
LINE = re.compile(r"#? ?([A-Z][A-Z0-9_]*)=(.*)")
# Read by programs that are not Django's settings.
ELSEWHERE = {
    "DATABASE_ADMIN_URL",
    "DATABASE_BACKUP_URL",
    "MODERATION_PORT",
    "MODERATION_SERVER_API_KEY",
    "MODERATION_SERVER_BLIP_MODEL",
}


def read() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "musenest" / "settings").glob("*.py"):
        for name, aliases in READ.findall(path.read_text()):
            found |= {name, *re.findall(r"[A-Z0-9_]+", aliases)}
    return found


def documented() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    return {found[1]: found[2] for line in lines if (found := LINE.fullmatch(line.strip()))}


def test_every_setting_is_documented() -> None:
    assert len(read()) > 25
    assert documented().keys() == read() | ELSEWHERE


def test_what_is_documented_is_explained_on_the_line_before() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in pairwise(lines):
        if LINE.fullmatch(line.strip()) and not LINE.fullmatch(before.strip()):
            assert before.startswith("# "), line


def test_the_example_holds_no_secret_and_leaves_the_database_to_the_embedded_one() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    given = {line.partition("=")[0] for line in lines if re.match(r"[A-Z]", line)}

    assert not {name for name in given if re.search("SECRET|KEY|TOKEN|PASSWORD|DSN", name)}
    assert not {name for name in given if name.startswith(("DB_", "DATABASE_", "REDIS_"))}
