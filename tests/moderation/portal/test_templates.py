"""What the content security policy forbids stands in no template of the portal."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
# The admin has a policy of its own, and no browser of ours shows an e-mail.
TEMPLATES = [
    path for path in sorted((ROOT / "templates").rglob("*.html")) if not {"admin", "emails"} & set(path.parts)
]
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
FORBIDDEN = re.compile(
    r"""\sstyle=|<style|\son[a-z]+=|hx-on|javascript:|hx-vals=["']js:|hx-vars|<script(?![^>]*\s(?:src=|type="application/json"))|https?://(?!www\.w3\.org/)"""
)


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 40


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_is_within_the_policy(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_needs_no_evaluation(path: Path) -> None:
    assert re.findall(r"\beval\(|new Function|innerHTML|setAttribute\(.style", path.read_text()) == []
