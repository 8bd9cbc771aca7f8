"""Telling a customer that a picture was escalated after the answer about it: a program may be showing it, and
whoever holds the original has to keep it (REQUIREMENTS.md, 24).
"""

from accounts.models import Organization
from accounts.selectors import memberships
from accounts.services import notifications
from moderation.models import Decision


def tell(decision: Decision) -> None:
    """Write to those members who may see such decisions, else to the owners: which decision of which site,
    and what to do. In the decision's own transaction.

    Nothing of it stands in the message's context, which is shown to staff: they never see an escalated one.
    """
    organization = Organization.objects.get(pk=decision.organization_id)
    for membership in memberships.for_child_safety(organization):
        notifications.send(
            template="escalated_later",
            person=membership.person,
            organization=organization,
            context={"slug": organization.slug, "may_see": membership.has_child_safety},
            secrets={"number": str(decision.pk), "site": decision.site_identifier},
        )
