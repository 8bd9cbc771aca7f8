"""People and organisations in the admin, and the tables of what every organisation has for all apps."""

from accounts.admin import (  # noqa: F401 -- registers
    api_keys,
    audit,
    egress_allowances,
    invitations,
    memberships,
    organizations,
    people,
    profiles,
    sign_ins,
    work_items,
)
