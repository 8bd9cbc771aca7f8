"""Who may do what: one matrix. A person's permissions come from the role, an API key's from its scopes."""

from accounts.domain.roles import Role

READ = frozenset({"sites:read", "decisions:read", "billing:read", "analytics:read", "members:read"})
WORK = READ | {"sites:write", "deploy", "analyze"}
ADMINISTER = WORK | {
    "decisions:resolve",
    "members:write",
    "api_keys:write",
    "audit:read",
    "organization:write",
}

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.VIEWER: READ,
    Role.MEMBER: WORK,
    Role.REVIEWER: READ | {"decisions:resolve"},
    Role.ADMIN: ADMINISTER,
    Role.OWNER: ADMINISTER | {"child_safety:grant", "attest", "organization:delete"},
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

# A permission apart from every role: an owner grants it to a member.
CHILD_SAFETY = "child_safety:read"


def permissions_of_role(role: str, *, has_child_safety: bool) -> frozenset[str]:
    granted = frozenset({CHILD_SAFETY}) if has_child_safety else frozenset()
    return PERMISSIONS[role] | granted


def permissions_of_scopes(scopes: list[str]) -> frozenset[str]:
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
