"""The first person of the staff is made by a command that takes no password as an argument."""

import io
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.management.commands import create_staff
from accounts.models import AuditEvent, Person
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def create(monkeypatch: pytest.MonkeyPatch, email: str, line: str = samples.PASSWORD) -> str:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{line}\n"))
    out = StringIO()
    call_command("create_staff", email, stdout=out)
    return out.getvalue()


def test_a_person_of_the_staff_is_made_and_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    said = create(monkeypatch, "Ada@MuseNest.example")

    assert said.startswith("ada@musenest.example may sign in")
    with tenancy.staff():
        person = Person.objects.get(email="ada@musenest.example")
        assert person.is_staff
        assert person.check_password(samples.PASSWORD)
        assert AuditEvent.objects.filter(action="person.created", target_id=str(person.pk)).count() == 1


def test_a_customer_does_not_become_staff(monkeypatch: pytest.MonkeyPatch) -> None:
    customer = samples.person()

    with pytest.raises(CommandError, match="registered already"):
        create(monkeypatch, customer.email)
    with tenancy.staff():
        assert not Person.objects.get(pk=customer.pk).is_staff


def test_djangos_own_command_makes_nobody() -> None:
    with pytest.raises(AttributeError, match="create_superuser"):
        call_command("createsuperuser", interactive=False, email="ada@musenest.example")
    with tenancy.staff():
        assert not Person.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="too short"):
        create(monkeypatch, "ada@musenest.example", "short")


def test_a_terminal_is_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([samples.PASSWORD, "mistyped"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(create_staff, "getpass", lambda prompt: next(answers))

    with pytest.raises(CommandError, match="not the same"):
        call_command("create_staff", "ada@musenest.example")
