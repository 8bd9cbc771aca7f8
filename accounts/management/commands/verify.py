"""`manage.py verify`: is the audit trail what was written (ARCHITECTURE.md, decision 7), and does what apps
keep beside their rows agree with them?
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors import checkpoints
from musenest.common import tenancy, verification
from musenest.common.verification import VerificationError


class Command(BaseCommand):
    help = (
        "Checks the seals of the audit trail, and what apps keep beside their rows; names the first bad row "
        "and ends with 1 where there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoints",
            nargs="?",
            type=Path,
            const=Path(settings.CHECKPOINT_FOLDER) if settings.CHECKPOINT_FOLDER else None,
            metavar="FOLDER",
            help="compare with the signed checkpoints of this folder, too (CHECKPOINT_FOLDER)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with tenancy.staff():
            try:
                *others, trail = verification.run()
            except VerificationError as error:
                raise CommandError(str(error)) from error
        for line in others:
            self.stdout.write(line)
        if options["checkpoints"]:
            self.compare(options["checkpoints"])
        self.stdout.write(trail)

    def compare(self, folder: Path) -> None:
        """Where there is no checkpoint nothing is known, and that is a failure."""
        with tenancy.staff():
            problem = next(checkpoints.breaks(folder), None)
        if problem:
            raise CommandError(problem)
        if not (count := checkpoints.count(folder)):
            raise CommandError(f"There is no checkpoint in {folder}.")
        self.stdout.write(f"It holds what {count:,} checkpoints say.")
