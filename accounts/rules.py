"""Who may do what: one matrix. A person's permissions come from the role, an API key's from its scopes.

`docs/permissions.md` is this matrix, written by `manage.py document_permissions`.
"""

from dataclasses import dataclass
from functools import cache

from rules.predicates import Predicate

from accounts.domain.roles import Role


@dataclass(frozen=True)
class Standing:
    """How a person stands in an organisation: what the predicates look at."""

    role: str
    has_child_safety: bool = False


def holds(role: Role) -> Predicate:
    def test(standing: Standing) -> bool:
        return standing.role == role

    return Predicate(test, name=f"is {role}")


def has_grant(standing: Standing) -> bool:
    return standing.has_child_safety


is_owner, is_admin, is_reviewer, is_member, is_viewer = (holds(role) for role in Role)
is_granted_child_safety = Predicate(has_grant, name="was granted child safety")

administers = is_owner | is_admin
works = administers | is_member
reviews = administers | is_reviewer
belongs = works | is_reviewer | is_viewer

CHILD_SAFETY = "child_safety:read"
GRANT = "child_safety:grant"

MATRIX: dict[str, Predicate] = {
    "sites:read": belongs,
    "sites:write": works,
    "deploy": works,
    "analyze": works,
    "decisions:read": belongs,
    "decisions:resolve": reviews,
    "decisions:remove": administers,
    CHILD_SAFETY: is_granted_child_safety,  # apart from every role: an owner grants it to a member
    "billing:read": belongs,
    "analytics:read": belongs,
    "members:read": belongs,
    "members:write": administers,
    "api_keys:read": works,
    "api_keys:write": administers,
    "audit:read": administers,
    "organization:write": administers,
    "organization:delete": is_owner,
    "organization:transfer": is_owner,
    GRANT: is_owner,
    "attest": is_owner,
}

# What each permission opens, in words: for docs/permissions.md and the portal's page of the team. What
# cannot be done yet says that it is coming.
WORDS = {
    "sites:read": "See sites, their configuration, deployments and drift",
    "sites:write": "Make, change and delete sites",
    "deploy": "Deploy sites",
    "analyze": "Have pictures analysed",
    "decisions:read": "See decisions",
    "decisions:resolve": "Decide what was flagged, and undo it (coming)",
    "decisions:remove": "Have decisions kept for fewer months, which removes some for good",
    CHILD_SAFETY: "See escalated child-safety cases",
    "billing:read": "See plan, quota, usage and invoices",
    "analytics:read": "See figures",
    "members:read": "See who belongs to the organisation",
    "members:write": "Invite and remove people, change roles",
    "api_keys:read": "See API keys (never the key itself)",
    "api_keys:write": "Make, rotate and revoke API keys",
    "audit:read": "Read the audit trail",
    "organization:write": "Change the organisation's name, e-mail and region",
    "organization:delete": "Delete the organisation (coming)",
    "organization:transfer": "Make somebody else the owner in one's own place",
    GRANT: "Grant and withdraw access to child-safety cases",
    "attest": "State what the organisation answers for",
}

# What the scopes of API keys open (API.md). Reading what a key produced belongs to `analyze`.
SCOPES: dict[str, frozenset[str]] = {
    "sites:read": frozenset({"sites:read"}),
    "sites:write": frozenset({"sites:read", "sites:write"}),
    "deploy": frozenset({"deploy"}),
    "analyze": frozenset({"analyze", "decisions:read"}),
    "billing:read": frozenset({"billing:read"}),
    "analytics:read": frozenset({"analytics:read"}),
}


@cache
def permissions_of_role(role: str, *, has_child_safety: bool) -> frozenset[str]:
    standing = Standing(role, has_child_safety)
    return frozenset(name for name, rule in MATRIX.items() if rule.test(standing))


def permissions_of_scopes(scopes: list[str]) -> frozenset[str]:
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def may_give(held: frozenset[str], role: str) -> bool:
    """Whether somebody with these permissions may make somebody `role`: nobody gives more than he has."""
    return permissions_of_role(role, has_child_safety=False) <= held


def scopes_within(held: frozenset[str]) -> list[str]:
    """The scopes that somebody with these permissions may give to an API key."""
    return [scope for scope, opened in SCOPES.items() if opened <= held]


# Operator staff and the system itself, who set organisations up.
OPERATORS = permissions_of_role(Role.OWNER, has_child_safety=False)
