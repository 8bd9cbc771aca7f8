"""`manage.py verify`: is the audit trail what was written, and does what is kept beside the rows agree with
them? (ARCHITECTURE.md, decision 7)
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from musenest.common import tenancy, verification
from musenest.common.verification import VerificationError


class Command(BaseCommand):
    help = (
        "Checks the seals of the audit trail and the rollups of the figures; names the first bad row and "
        "ends with 1 where there is one."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with tenancy.staff():
            try:
                for found in verification.run():
                    self.stdout.write(found)
            except VerificationError as error:
                raise CommandError(str(error)) from error
