"""`manage.py verify`: is the audit trail what was written? (ARCHITECTURE.md, decision 7)"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.selectors import audit
from musenest.common import tenancy


class Command(BaseCommand):
    help = "Checks the seals of the audit trail; names the first bad row and ends with 1 where there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        with tenancy.staff():
            found = next(audit.breaks(), None)
            sealed = audit.count_of_seals()
        if found:
            owner = found.organization_id or "the platform"
            raise CommandError(
                f"Audit event {found.event_id} (link {found.sequence} of {owner}): {found.problem}."
            )
        self.stdout.write(f"The audit trail is intact: {sealed:,} sealed events.")
