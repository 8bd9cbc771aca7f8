"""`manage.py document_permissions`: writes docs/permissions.md from the matrix of `accounts.rules`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import rules
from accounts.domain.roles import Role

PATH = settings.ROOT / "docs" / "permissions.md"
INTRODUCTION = """\
# Who may do what

Written by `manage.py document_permissions` from `accounts/rules.py`; a test compares the two. A person has
one role in each organisation. A role changed, a person removed or disabled counts on the next request.

Nobody gives more than he has: one makes others only what one's own rights cover, changes nobody who has more,
and gives an API key no scope beyond them. An organisation always has an owner. Access to child-safety cases
is apart from every role: an owner grants it to a member. Operator staff may do what an owner may, but not
that. What is coming cannot be done yet, by page or by API; the right is there already.
"""
SCOPES = """\
## What the scopes of API keys open

A key speaks for its organisation with its scopes, whoever made it. What is for people (members, keys, audit,
child safety) no key can do. A key of the test mode changes nothing but rows of
the test mode.
"""


class Command(BaseCommand):
    help = "Writes docs/permissions.md from the matrix of roles and permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.write_text(document())
        self.stdout.write(f"Wrote {PATH.relative_to(settings.ROOT)}.")


def document() -> str:
    return "\n".join((INTRODUCTION, *roles(), "", SCOPES, *scopes(), ""))


def roles() -> list[str]:
    """One line per permission, one column per role."""
    lines = [
        row("What", "Permission", *(role.value for role in Role)),
        row("---", "---", *(":-:" for _ in Role)),
    ]
    for permission in rules.MATRIX:
        marks = (
            "by grant" if permission == rules.CHILD_SAFETY else "yes" if has(role, permission) else "–"
            for role in Role
        )
        lines.append(row(rules.WORDS[permission], f"`{permission}`", *marks))
    return lines


def scopes() -> list[str]:
    opened = (
        row(f"`{scope}`", ", ".join(f"`{permission}`" for permission in sorted(permissions)))
        for scope, permissions in rules.SCOPES.items()
    )
    return [row("Scope", "Permissions"), row("---", "---"), *opened]


def has(role: Role, permission: str) -> bool:
    return permission in rules.permissions_of_role(role, has_child_safety=False)


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
