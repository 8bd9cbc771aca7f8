"""`manage.py verify`: is the audit trail what was written? (ARCHITECTURE.md, decision 7)"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.selectors import audit, checkpoints
from musenest.common import tenancy


class Command(BaseCommand):
    help = "Checks the seals of the audit trail; names the first bad row and ends with 1 where there is one."

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
            found = next(audit.breaks(), None)
            sealed = audit.count_of_seals()
        if found:
            owner = found.organization_id or "the platform"
            raise CommandError(
                f"Audit event {found.event_id} (link {found.sequence} of {owner}): {found.problem}."
            )
        if options["checkpoints"]:
            self.compare(options["checkpoints"])
        self.stdout.write(f"The audit trail is intact: {sealed:,} sealed events.")

    def compare(self, folder: Path) -> None:
        """Where there is no checkpoint nothing is known, and that is a failure."""
        with tenancy.staff():
            problem = next(checkpoints.breaks(folder), None)
        if problem:
            raise CommandError(problem)
        if not (count := checkpoints.count(folder)):
            raise CommandError(f"There is no checkpoint in {folder}.")
        self.stdout.write(f"It holds what {count:,} checkpoints say.")
