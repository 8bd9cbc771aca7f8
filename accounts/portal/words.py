"""Roles, scopes and modes in words, for the pages of the team and of API keys."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rules
from accounts.models import Role

ROLES: dict[str, Promise] = {
    Role.OWNER: _("Owner"),
    Role.ADMIN: _("Admin"),
    Role.REVIEWER: _("Reviewer"),
    Role.MEMBER: _("Member"),
    Role.VIEWER: _("Viewer"),
}
SENTENCES: dict[str, Promise] = {
    Role.OWNER: _("Everything, and answers for the organisation."),
    Role.ADMIN: _("Everything but what only an owner may do."),
    Role.REVIEWER: _("Looks at what was flagged. Deciding it is coming."),
    Role.MEMBER: _("Works with sites and pictures."),
    Role.VIEWER: _("Looks, and changes nothing."),
}
SCOPES: dict[str, Promise] = {
    "sites:read": _("See sites and their configuration"),
    "sites:write": _("Make and change sites"),
    "deploy": _("Deploy sites"),
    "analyze": _("Have pictures analysed, and read the decisions"),
    "billing:read": _("See plan, quota and usage"),
    "analytics:read": _("See figures"),
}


@dataclass(frozen=True)
class MatrixRow:
    """One permission: what it opens, and whether each role (in the order of `ROLES`) has it."""

    title: str
    cells: list[tuple[str, bool]]


def matrix() -> list[MatrixRow]:
    """Every permission that a role gives; the grant for child safety belongs to none."""
    held = {role: rules.permissions_of_role(role, has_child_safety=False) for role in ROLES}
    return [
        MatrixRow(gettext(words), [(str(ROLES[role]), name in held[role]) for role in ROLES])
        for name, words in rules.WORDS.items()
        if name != rules.CHILD_SAFETY
    ]


def described() -> list[tuple[str, Promise, Promise]]:
    """(role, its name, a sentence about it), the widest rights first."""
    return [(role, name, SENTENCES[role]) for role, name in ROLES.items()]


def roles_within(held: frozenset[str]) -> list[tuple[str, str]]:
    """(role, its name) of every role that somebody with these permissions may give."""
    return [(role, str(name)) for role, name in ROLES.items() if rules.may_give(held, role)]
