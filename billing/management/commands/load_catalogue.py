"""`manage.py load_catalogue [name]`: loads a price list; the live one is `musenest`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.services import tiers
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotFoundError


class Command(BaseCommand):
    help = "Loads a price list by name. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="musenest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = tiers.load_catalogue(name=options["name"], by=SYSTEM)
        except NotFoundError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(loaded)} tiers are loaded.")
