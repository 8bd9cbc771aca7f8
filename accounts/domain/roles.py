"""The roles of an organisation's members, from the widest rights to the narrowest."""

from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    REVIEWER = "reviewer"
    MEMBER = "member"
    VIEWER = "viewer"
