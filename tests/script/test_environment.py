from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from script.support import environment
from script.support.service import ServiceError


def test_read_prefers_the_shell_and_counts_empty_as_unset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PORT=4000\nREDIS_URL=redis://from-file\nDB_HOST=\nSEAL_KEY=from-file\n")
    monkeypatch.setenv("PORT", "5001")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.delenv("DB_HOST", raising=False)
    monkeypatch.setenv("SEAL_KEY", "")

    found = environment.read(tmp_path)

    assert (found["PORT"], found["REDIS_URL"]) == ("5001", "redis://from-file")
    assert "DB_HOST" not in found
    assert "SEAL_KEY" not in found


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=value", "value"),
        ("export NAME=value", "value"),
        ("NAME = value", "value"),
        ('NAME="a # b"', "a # b"),
        ("NAME='a b'", "a b"),
        ("NAME=value # why", "value"),
        ("NAME=a#b=c", "a#b=c"),
        ("NAME=", ""),
    ],
)
def test_env_file_reads_assignments(tmp_path: Path, line: str, value: str) -> None:
    (tmp_path / ".env").write_text(f"# comment=1\n\n{line}\nnonsense\n")

    assert environment.env_file(tmp_path / ".env") == {"NAME": value}


@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "3000 "])
def test_port_refuses_what_is_none(value: str) -> None:
    with pytest.raises(ServiceError, match="PORT must be a port"):
        environment.port({"PORT": value}, "PORT", 3000)


def test_port_has_a_default() -> None:
    assert environment.port({}, "PORT", 3000) == 3000


def test_generated_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = environment.generated_secrets(tmp_path)

    assert environment.generated_secrets(tmp_path) == first
    assert (tmp_path / "var" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert len(set(first.values())) == len(first)
    Fernet(first["ENCRYPTION_KEYS"])


def test_generated_secrets_keep_old_ones_when_a_new_one_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.json"
    path.parent.mkdir()
    path.write_text('{"SECRET_KEY": "old"}')

    found = environment.generated_secrets(tmp_path)

    assert found["SECRET_KEY"] == "old"
    assert found["SEAL_KEY"]


def test_generated_secrets_are_not_replaced_where_damaged(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secrets.json"
    path.parent.mkdir()
    path.write_text('{"SECRET_KEY": "ol')

    with pytest.raises(ServiceError, match="is damaged"):
        environment.generated_secrets(tmp_path)
    assert path.read_text() == '{"SECRET_KEY": "ol'
