"""The matrix of permissions, as a table: a change of it is a change here, seen by whoever reviews."""

import pytest

from accounts import rules
from accounts.domain.roles import Role

# permission:            owner admin reviewer member viewer
MATRIX = {
    "sites:read":         "yes  yes   yes      yes    yes",
    "sites:write":        "yes  yes   no       yes    no",
    "deploy":             "yes  yes   no       yes    no",
    "analyze":            "yes  yes   no       yes    no",
    "decisions:read":     "yes  yes   yes      yes    yes",
    "decisions:resolve":  "yes  yes   yes      no     no",
    "decisions:remove":   "yes  yes   no       no     no",
    "billing:read":       "yes  yes   yes      yes    yes",
    "analytics:read":     "yes  yes   yes      yes    yes",
    "members:read":       "yes  yes   yes      yes    yes",
    "members:write":      "yes  yes   no       no     no",
    "api_keys:read":      "yes  yes   no       yes    no",
    "api_keys:write":     "yes  yes   no       no     no",
    "audit:read":         "yes  yes   no       no     no",
    "organization:write": "yes  yes   no       no     no",
    "organization:delete": "yes no    no       no     no",
    "organization:transfer": "yes no  no       no     no",
    "child_safety:grant": "yes  no    no       no     no",
    "attest":             "yes  no    no       no     no",
}  # fmt: skip


@pytest.mark.parametrize("permission", MATRIX)
def test_each_role_has_what_the_table_says(permission: str) -> None:
    expected = dict(zip(Role, MATRIX[permission].split(), strict=True))

    for role in Role:
        has_it = permission in rules.permissions_of_role(role, has_child_safety=False)
        assert has_it == (expected[role] == "yes"), role


def test_no_role_has_a_permission_that_the_table_misses() -> None:
    assert rules.MATRIX.keys() == MATRIX.keys() | {rules.CHILD_SAFETY}
    assert rules.WORDS.keys() == rules.MATRIX.keys()


# who gives:    owner admin reviewer member viewer
GIVES = {
    "owner":    "yes  yes   yes      yes    yes",
    "admin":    "no   yes   yes      yes    yes",
    "reviewer": "no   no    yes      no     yes",
    "member":   "no   no    no       yes    yes",
    "viewer":   "no   no    no       no     yes",
}  # fmt: skip


@pytest.mark.parametrize("giver", GIVES)
def test_nobody_gives_more_than_he_has(giver: str) -> None:
    held = rules.permissions_of_role(giver, has_child_safety=False)

    given = ["yes" if rules.may_give(held, role) else "no" for role in Role]
    assert given == GIVES[giver].split()


def test_a_key_gets_no_scope_beyond_its_maker() -> None:
    viewer = rules.permissions_of_role(Role.VIEWER, has_child_safety=True)

    assert rules.scopes_within(viewer) == ["sites:read", "billing:read", "analytics:read"]
    assert rules.scopes_within(rules.OPERATORS) == list(rules.SCOPES)
    assert rules.scopes_within(frozenset()) == []


@pytest.mark.parametrize("role", ["", "emperor", "OWNER"])
def test_an_unknown_role_has_nothing(role: str) -> None:
    assert rules.permissions_of_role(role, has_child_safety=False) == frozenset()


@pytest.mark.parametrize("role", Role)
def test_child_safety_comes_by_grant_only(role: Role) -> None:
    assert rules.CHILD_SAFETY not in rules.permissions_of_role(role, has_child_safety=False)
    assert rules.CHILD_SAFETY in rules.permissions_of_role(role, has_child_safety=True)


SCOPES = {
    "sites:read": {"sites:read"},
    "sites:write": {"sites:read", "sites:write"},
    "deploy": {"deploy"},
    "analyze": {"analyze", "decisions:read"},
    "billing:read": {"billing:read"},
    "analytics:read": {"analytics:read"},
}


@pytest.mark.parametrize("scope", SCOPES)
def test_each_scope_opens_what_the_table_says(scope: str) -> None:
    assert rules.permissions_of_scopes([scope]) == SCOPES[scope]


def test_scopes_add_up_and_unknown_ones_open_nothing() -> None:
    assert rules.SCOPES.keys() == SCOPES.keys()
    assert rules.permissions_of_scopes(["deploy", "billing:read"]) == {"deploy", "billing:read"}
    assert rules.permissions_of_scopes(["*", "owner", "members:write"]) == frozenset()
    assert rules.permissions_of_scopes([]) == frozenset()


def test_no_key_can_do_what_is_for_people() -> None:
    for_people = {
        "members:write", "api_keys:write", "child_safety:grant", "attest", "organization:delete",
        "decisions:remove",
    }  # fmt: skip

    assert not rules.permissions_of_scopes(list(rules.SCOPES)) & (for_people | {rules.CHILD_SAFETY})


def test_words_promise_nothing_that_is_not_there() -> None:
    for permission in ("decisions:resolve", "organization:delete"):
        assert rules.WORDS[permission].endswith("(coming)")
    assert "roll" not in rules.WORDS["deploy"]
