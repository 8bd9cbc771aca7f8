"""Triggers for tables whose rows are written once: no UPDATE, no DELETE, no TRUNCATE."""

import pgtrigger


def append_only() -> list[pgtrigger.Trigger]:
    """For a model's `Meta.triggers`. The owner can drop a trigger; the seal shows what was done then."""
    return [
        pgtrigger.Protect(name="rows_stay", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="table_stays",
            level=pgtrigger.Statement,
            operation=pgtrigger.Truncate,
            when=pgtrigger.Before,
            func="RAISE EXCEPTION 'rows of % are never removed', TG_TABLE_NAME;",
        ),
    ]


def written_once(*tables: str) -> str:
    """For migrations: take the right to change and remove rows from everybody but the owner."""
    return "; ".join(
        f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM musenest_app, musenest_staff' for table in tables
    )
