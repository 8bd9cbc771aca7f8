from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from script.support import programs
from script.support.serve import build, letters, sign_ins
from script.support.service import choose_port


@pytest.mark.parametrize(("status", "ready"), [(200, True), (404, True), (503, False)])
def test_answers_takes_any_answer_but_a_fault(httpserver: HTTPServer, status: int, ready: bool) -> None:
    httpserver.expect_request("/health").respond_with_data("", status=status)

    assert programs.answers(httpserver.url_for("/health"))() is ready


def test_answers_is_false_where_nobody_listens() -> None:
    assert not programs.answers(f"http://127.0.0.1:{choose_port()}/health")()


def test_sign_ins_tells_who_is_there(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text(
        '{"base_url": "http://127.0.0.1:3000", "staff": {"email": "s@acme.example", "password": "one"},'
        ' "customer": {"email": "c@acme.example", "password": "two", "api_key": "k"}}'
    )

    told = sign_ins(tmp_path / "demo.json")

    assert told == "  staff     s@acme.example  one\n  customer  c@acme.example  two\n"


def test_sign_ins_is_empty_without_a_demonstration(tmp_path: Path) -> None:
    assert sign_ins(tmp_path / "demo.json") == ""


def test_emails_are_put_where_links_can_be_read_until_a_provider_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MAIL_FOLDER", "SENDGRID_API_KEY", "RESEND_API_KEY", "SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)

    own = build(tmp_path).environment
    monkeypatch.setenv("SMTP_HOST", "smtp.acme.example")

    assert own["MAIL_FOLDER"] == str(tmp_path / "var" / "mail")
    assert letters(own) == f"  e-mails   {tmp_path}/var/mail\n"
    assert letters(build(tmp_path).environment) == ""
