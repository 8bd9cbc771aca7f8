"""`manage.py create_staff EMAIL`: a person of the operator's staff, the first one for instance."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import people
from musenest.common.actors import SYSTEM
from musenest.common.errors import MuseNestError


class Command(BaseCommand):
    help = "Makes a person with every right of the admin. Asks for the password, or reads it as one line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = people.create_checked(
                email=options["email"], name=options["name"], password=password(), is_staff=True, by=SYSTEM
            )
        except MuseNestError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{person.email} may sign in, and sets up a second factor at the first time.")


def password() -> str:
    """Never an argument, which every user of the machine could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise CommandError("The two are not the same.")
    return first
