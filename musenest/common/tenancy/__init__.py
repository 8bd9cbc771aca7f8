"""Tenancy in PostgreSQL: who the next query is for (scope), what the database lets it see (isolation), the
roles behind it.

    with tenancy.organization(organization.pk, person=person.pk):
        ...  # every query sees this organisation's rows only

    with tenancy.staff():
        ...  # sees all rows: the admin, sweeps, looking up a key or a membership

Scopes nest; the one around comes back when the inner one ends.
"""

from musenest.common.tenancy.isolation import Isolation, SameOrganization, organization_policy
from musenest.common.tenancy.models import TenantModel
from musenest.common.tenancy.scope import Scope, current, organization, person, staff

__all__ = [
    "Isolation",
    "SameOrganization",
    "Scope",
    "TenantModel",
    "current",
    "organization",
    "organization_policy",
    "person",
    "staff",
]
