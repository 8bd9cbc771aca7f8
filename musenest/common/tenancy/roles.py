"""The three roles, the database and its default privileges: made before the first migration.

Grants written in migrations would miss apps that are migrated later; default privileges do not.
"""

from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict


def statements(*, app_url: str, owner_url: str) -> list[sql.SQL | sql.Composed]:
    """What an administrator runs once in the application's database (the database itself is made by
    `bootstrap`).
    """
    owner = sql.Identifier("musenest_owner")
    return [
        role("musenest_staff", "NOLOGIN"),
        role("musenest_owner", "LOGIN NOINHERIT", password_in(owner_url)),
        # NOINHERIT: the application has staff's rights only after SET ROLE.
        role("musenest_app", "LOGIN NOINHERIT", password_in(app_url)),
        sql.SQL("GRANT musenest_staff TO musenest_app"),
        sql.SQL("GRANT musenest_staff TO musenest_owner"),
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO musenest_app, musenest_staff"),
        sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner),
        *(
            default_privileges(owner, privileges)
            for privileges in ("SELECT, INSERT, UPDATE, DELETE ON TABLES", "USAGE, SELECT ON SEQUENCES")
        ),
    ]


def default_privileges(owner: sql.Identifier, privileges: LiteralString) -> sql.Composed:
    """What the application and staff may do with every table or sequence that the owner will make."""
    return sql.SQL(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} TO musenest_app, musenest_staff"
    ).format(owner, sql.SQL(privileges))


def role(name: str, options: LiteralString, password: str | None = None) -> sql.Composed:
    """Make the role or bring it to these options; running it twice changes nothing."""
    clause = sql.SQL(" PASSWORD {}").format(sql.Literal(password)) if password else sql.Composed([])
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {name};"
        " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; "
        "ALTER ROLE {name} {options}{password}"
    ).format(name=sql.Identifier(name), options=sql.SQL(options), password=clause)


def password_in(url: str) -> str | None:
    password = conninfo_to_dict(url).get("password")
    return str(password) if password else None


def bootstrap(*, admin_url: str, app_url: str, owner_url: str) -> str:
    """Make the roles, the database that `app_url` names, and the privileges; returns the database's name.
    Safe to repeat.
    """
    name = str(conninfo_to_dict(app_url)["dbname"])
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
        for statement in statements(app_url=app_url, owner_url=owner_url):
            connection.execute(statement)
    return name
