"""Looks for migrations that lock tables or break the code that still runs (django-migration-linter).

`python -m script.support.migrations`, with DATABASE_URL set. First migrations make empty tables, which nobody
uses yet: they are left out. This module loads Django.
"""

import os
import sys
from pathlib import Path

import django
from django_migration_linter import MigrationLinter

ROOT = Path(__file__).resolve().parents[2]
# Looked at by a person: plain SQL, which the linter takes by its words.
LOOKED_AT = (
    "0003_usage_mode",  # its column has a default in PostgreSQL: old code goes on
    "0009_keys_of_decisions",  # its column may be empty; what drops it is the way back
)
LABELS = ("common", "accounts", "billing", "moderation", "analytics")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musenest.settings")
    django.setup()
    linter = MigrationLinter(
        path=str(ROOT),
        include_apps=LABELS,
        no_cache=True,
        ignore_initial_migrations=True,
        ignore_name=LOOKED_AT,
        quiet=["ok", "ignore"],
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return int(linter.has_errors)


if __name__ == "__main__":
    sys.exit(main())
