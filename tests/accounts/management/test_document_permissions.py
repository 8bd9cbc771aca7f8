"""The document of permissions is the matrix."""

from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accounts import rules
from accounts.management.commands import document_permissions
from accounts.management.commands.document_permissions import PATH


def test_the_document_is_what_the_matrix_says() -> None:
    assert PATH.read_text() == document_permissions.document(), "run manage.py document_permissions"


def test_every_permission_and_scope_stands_in_it() -> None:
    text = document_permissions.document()

    for name in (*rules.MATRIX, *rules.SCOPES):
        assert f"`{name}`" in text


def test_a_line_tells_every_role() -> None:
    lines = document_permissions.roles()

    assert lines[0] == "| What | Permission | owner | admin | reviewer | member | viewer |"
    line = "| Decide what was flagged, and undo it (coming) | `decisions:resolve` | yes | yes | yes | – | – |"
    assert line in lines
    assert any(line.endswith("| by grant | by grant | by grant | by grant | by grant |") for line in lines)


def test_the_command_writes_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    settings.ROOT = tmp_path
    monkeypatch.setattr(document_permissions, "PATH", tmp_path / "permissions.md")

    call_command("document_permissions")

    assert (tmp_path / "permissions.md").read_text() == document_permissions.document()
