"""Reads that stand before every request, written in SQL: having the ORM build such a statement costs several
times what PostgreSQL takes to answer it.

    KEY = Read(
        "SELECT {columns} FROM {key} JOIN {organization} ON organization.id = key.organization_id"
        " WHERE key.digest = %(digest)s",
        key=ApiKey,
        organization=(Organization, ("slug", "name")),
    )
    key, organization = KEY.first({"digest": …})
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from musenest.common.tenancy import scope

Models = type[Model] | tuple[type[Model], tuple[str, ...]]


class Read:
    """One row of several models at once.

    `{name}` in the statement is the table of the model of that name, known by it to the rest of the
    statement; `{columns}` are the columns of all of them, or of a model the key and those that are named: the
    others are then deferred, as by `only`.
    """

    named = "{}.{}"  # a column of the table of that name

    def __init__(self, statement: str, **models: Models) -> None:
        self.template, self.models = statement, models

    def first(self, parameters: dict[str, Any]) -> list[Any] | None:
        """The first row's models, in their order, or None. One that an outer join did not find has no key."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, parameters)
            row = cursor.fetchone()
        if row is None:
            return None
        values = list(row)
        for index, convert in self.converters:
            values[index] = convert(values[index], None, connection)
        found, start = [], 0
        for model, names in self.rows:
            end = start + len(names)
            found.append(model.from_db(connection.alias, names, values[start:end]))
            start = end
        return found

    @cached_property
    def rows(self) -> list[tuple[type[Model], list[str]]]:
        """Each model with the names of its attributes that are read."""
        return [(model, [field.attname for field in fields]) for _, model, fields in self.parts]

    @cached_property
    def parts(self) -> list[tuple[str, type[Model], list[Field[Any, Any]]]]:
        """Each model with its name and the fields that are read."""
        found = []
        for name, named in self.models.items():
            model, only = named if isinstance(named, tuple) else (named, ())
            fields = [
                field
                for field in model._meta.concrete_fields
                if not only or field.primary_key or field.attname in only
            ]
            found.append((name, model, fields))
        return found

    @cached_property
    def statement(self) -> str:
        quote = connection.ops.quote_name
        columns = [
            self.named.format(name, quote(str(field.column)))
            for name, _, fields in self.parts
            for field in fields
        ]
        tables = {name: f"{quote(model._meta.db_table)} AS {name}" for name, model, _ in self.parts}
        return self.template.format(columns=", ".join(columns), **tables)

    @cached_property
    def converters(self) -> list[tuple[int, Callable[..., Any]]]:
        """How the values of some columns (JSON, encrypted text) become Python's."""
        fields = [field for _, _, fields in self.parts for field in fields]
        return [
            (index, convert)
            for index, field in enumerate(fields)
            for convert in field.get_db_converters(connection)
        ]


class Entry(Read):
    """A read that finds who asks, by a function of PostgreSQL's that looks as staff and leaves the session in
    the scope of the `organization` and the `person` that it found: one statement, where telling and looking
    would be two.
    """

    named = "({}).{}"  # the function answers with whole rows

    def first(self, parameters: dict[str, Any]) -> list[Any] | None:
        with scope.entered(scope.OF_THE_STATEMENT):
            found = super().first(parameters)
            keys = {name: row.pk for name, row in zip(self.models, found or (), strict=False)}
            entered = scope.Scope(organization=keys.get("organization"), person=keys.get("person"))
            connection.has_entered(entered)  # type: ignore[attr-defined]  # of ours
        return found
