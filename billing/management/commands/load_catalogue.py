"""`manage.py load_catalogue [name]`: loads a price list; the live one is `musenest`.

Tiers of other lists go on being sold beside it; retire in the admin what is not to be sold.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.services import tiers
from musenest.common.actors import SYSTEM
from musenest.common.errors import NotFoundError


class Command(BaseCommand):
    help = "Loads a price list by name. Safe to repeat: a tier that has subscribers stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="musenest")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = tiers.load_catalogue(name=options["name"], by=SYSTEM)
        except NotFoundError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{len(done.loaded)} tiers are loaded.")
        if done.left:
            self.stdout.write(f"Left as they are, because they have subscribers: {', '.join(done.left)}.")
