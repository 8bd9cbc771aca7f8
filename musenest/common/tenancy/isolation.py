"""Row-level security and composite keys as constraints: a model says them and migrations carry them."""

from typing import Any, Self

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint

APP_ROLE = "musenest_app"
ORGANIZATION = "nullif(current_setting('musenest.organization', true), '')::uuid"
PERSON = "nullif(current_setting('musenest.person', true), '')::uuid"


def organization_policy(column: str = "organization_id") -> str:
    """The condition under which the application sees a row: its organisation is the scope's."""
    return f"{column} = {ORGANIZATION}"


class TableConstraint(BaseConstraint):
    """A constraint that is SQL of its own on the whole table, made after the table."""

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        raise NotImplementedError

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Any:
        assert schema_editor is not None
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: PostgreSQL holds it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)


class Isolation(TableConstraint):
    """Forced row-level security with two policies: the application sees what `sees` (and changes what
    `changes`) says, staff all.

    `sees` and `changes` are SQL conditions; the default is the scope's organisation for both.
    """

    def __init__(self, *, name: str, sees: str = "", changes: str = "") -> None:
        super().__init__(name=name)
        self.sees = sees
        self.changes = changes

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return isolation_sql(model._meta.db_table, self.sees, self.changes)

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return removal_sql(model._meta.db_table)

    def deconstruct(self) -> Any:
        return (
            "musenest.common.tenancy.Isolation",
            (),
            {"name": self.name}
            | {key: value for key, value in (("sees", self.sees), ("changes", self.changes)) if value},
        )

    def clone(self) -> Self:
        return type(self)(name=self.name, sees=self.sees, changes=self.changes)


def isolation_sql(table: str, sees: str = "", changes: str = "") -> str:
    """The statements that isolate `table`; also for tables that Django does not make (partitioned ones)."""
    sees = sees or organization_policy()
    changes = changes or sees
    statements = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" TO {APP_ROLE} USING ({changes}) WITH CHECK ({changes})',
        f'CREATE POLICY staff ON "{table}" TO musenest_staff USING (true) WITH CHECK (true)',
    ]
    if sees != changes:
        statements.append(f'CREATE POLICY tenant_sees ON "{table}" FOR SELECT TO {APP_ROLE} USING ({sees})')
    return "; ".join(statements)


def removal_sql(table: str) -> str:
    return "; ".join(
        [
            f'DROP POLICY tenant ON "{table}"',
            f'DROP POLICY staff ON "{table}"',
            f'DROP POLICY IF EXISTS tenant_sees ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ]
    )


class SameOrganization(TableConstraint):
    """The foreign key `field` as a composite key (organization, id), because foreign keys ignore row-level
    security.

    The field itself is declared with `db_constraint=False`; the target has a unique (organization, id).
    """

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        field = model._meta.get_field(self.field)
        target = field.related_model
        assert isinstance(field, models.ForeignKey)
        assert isinstance(target, type)
        return (
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{self.name}" '
            f'FOREIGN KEY (organization_id, "{field.column}") '
            f'REFERENCES "{target._meta.db_table}" (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE'
        )

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str:
        assert model is not None
        return f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"'

    def deconstruct(self) -> Any:
        return "musenest.common.tenancy.SameOrganization", (), {"name": self.name, "field": self.field}

    def clone(self) -> Self:
        return type(self)(name=self.name, field=self.field)
