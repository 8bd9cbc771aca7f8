"""Messages: what is written, what is sent, and what becomes of one that is not taken."""

import smtplib
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from accounts.models import Notification
from accounts.services import notifications
from musenest.common import tenancy, work
from musenest.common.work.items import WorkState
from tests import samples

pytestmark = pytest.mark.django_db

ALARM: dict[str, Any] = {"template": "token_reused", "context": {"at": "2026-11-21 12:00 UTC"}}
LINK = "https://musenest.test/invitations/the-token"


def fresh(notification: Notification) -> Notification:
    with tenancy.staff():
        return Notification.objects.get(pk=notification.pk)


def worked(notification: Notification) -> Notification:
    work.run("notification", str(notification.pk))
    return fresh(notification)


def invitation(name: str = "Acme", address: str = "new@people.test") -> Notification:
    return notifications.send(
        template="invitation",
        address=address,
        organization=samples.organization(name),
        context={"organization": name, "inviter": "anna@acme.test", "role": "admin", "address": address},
        secrets={"link": LINK},
    )


def html_of(sent: Any) -> str:
    ((text, kind),) = sent.alternatives
    assert kind == "text/html"
    return str(text)


def refusing(error: Exception) -> Any:
    def send(message: EmailMultiAlternatives) -> int:
        raise error

    return send


def test_a_message_to_a_person_is_sent_in_both_forms() -> None:
    person = samples.person("anna@acme.test")
    done = worked(notifications.send(person=person, **ALARM))

    assert done.state == WorkState.DONE
    (sent,) = mail.outbox
    assert sent.to == ["anna@acme.test"]
    assert sent.subject == "We ended a sign-in of yours: its token was used twice"
    assert "2026-11-21 12:00 UTC" in sent.body
    assert "2026-11-21 12:00 UTC" in html_of(sent)
    assert sent.extra_headers["Message-ID"].startswith(f"<{done.pk}@")


def test_a_message_to_an_address_needs_no_person() -> None:
    assert worked(invitation()).state == WorkState.DONE
    assert mail.outbox[0].to == ["new@people.test"]
    assert LINK in mail.outbox[0].body


def test_a_secret_is_encrypted_until_it_is_sent_and_then_gone() -> None:
    waiting = invitation()
    with tenancy.staff():
        raw = Notification.objects.filter(pk=waiting.pk, secrets__contains="the-token")
        assert not raw.exists()
        assert "the-token" in fresh(waiting).secrets

    assert worked(waiting).secrets == ""


def test_a_name_cannot_write_html_or_headers() -> None:
    worked(invitation("<b>Acme</b>\r\nBcc: everybody@acme.test"))

    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.bcc == []
    assert "<b>Acme</b>" in sent.body, "text is text"
    assert "&lt;b&gt;Acme" in html_of(sent)
    assert "<b>Acme" not in html_of(sent)


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected(), TimeoutError()]
)
def test_a_server_that_is_away_is_asked_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(EmailMultiAlternatives, "send", refusing(error))
    tried = worked(invitation())

    assert (tried.state, tried.attempts) == ("waiting", 1)
    assert type(error).__name__ in tried.last_error
    assert tried.secrets, "the next try needs it"


def test_a_refused_address_is_not_tried_again_and_can_be_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = smtplib.SMTPRecipientsRefused({"new@people.test": (550, b"no such box")})
    with monkeypatch.context() as broken:
        broken.setattr(EmailMultiAlternatives, "send", refusing(refusal))
        failed = worked(invitation())
    assert failed.state == "failed"

    with tenancy.staff():
        replayed = work.replay(failed)
    assert worked(replayed).state == WorkState.DONE
    assert LINK in mail.outbox[0].body


def test_a_template_that_is_not_there_gives_up() -> None:
    failed = worked(notifications.send(template="nothing", address="new@people.test"))

    assert failed.state == "failed"
    assert "nothing.subject" in failed.last_error


def test_a_message_of_an_organization_is_not_anothers() -> None:
    written = invitation()
    assert written.organization_id

    with tenancy.organization(samples.organization("Other").pk):
        assert not Notification.objects.filter(pk=written.pk).exists()
    with tenancy.organization(written.organization_id):
        assert Notification.objects.filter(pk=written.pk).exists()
