"""`manage.py bootstrap_roles`: roles, database and privileges, before the first migration (REQUIREMENTS.md,
16).
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from musenest.common.tenancy import roles
from musenest.settings.database import composed_url
from musenest.settings.environment import env


class Command(BaseCommand):
    help = "Makes the three database roles, the database and the default privileges. Safe to repeat."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--print", action="store_true", help="print the statements for an administrator instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        app_url = composed_url()
        owner_url = env.str("DATABASE_OWNER_URL", default="")
        if not owner_url:
            raise CommandError("Set DATABASE_OWNER_URL: the URL by which musenest_owner migrates.")
        if options["print"]:
            for statement in roles.statements(app_url=app_url, owner_url=owner_url):
                self.stdout.write(statement.as_string(None) + ";")
            return
        admin_url = env.str("DATABASE_ADMIN_URL", default="")
        if not admin_url:
            raise CommandError(
                "Set DATABASE_ADMIN_URL, or let an administrator run what `bootstrap_roles --print` prints."
            )
        name = roles.bootstrap(admin_url=admin_url, app_url=app_url, owner_url=owner_url)
        self.stdout.write(f"Roles and privileges of the database {name} are in place.")
