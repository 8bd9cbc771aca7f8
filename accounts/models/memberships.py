from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.domain.roles import Role
from musenest.common import tenancy
from musenest.common.tenancy.isolation import PERSON

ROLES = [(role.value, role.value.capitalize()) for role in Role]


class Membership(tenancy.TenantModel):
    """One person in one organisation, with one role and, apart from it, perhaps the grant to see child-safety
    cases.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)
    has_child_safety = models.BooleanField("child-safety grant", default=False)
    child_safety_granted_by = models.CharField(max_length=255, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "memberships"
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="membership_once_per_person"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="membership_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(has_child_safety=False) | ~models.Q(child_safety_granted_by=""),
                name="membership_child_safety_was_granted_by_somebody",
            ),
            tenancy.Isolation(
                name="membership_is_isolated",
                sees=f"{tenancy.organization_policy()} OR person_id = {PERSON}",
                changes=tenancy.organization_policy(),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.organization} ({self.role})"
