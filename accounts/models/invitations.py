from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.domain.roles import Role
from accounts.models.memberships import ROLES
from musenest.common import tenancy

PENDING = models.Q(accepted_at=None, revoked_at=None)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> "InvitationQuerySet":
        """Neither accepted nor revoked nor expired."""
        return self.filter(PENDING, expires_at__gt=timezone.now())

    def in_status(self, status: str) -> "InvitationQuerySet":
        """Those whose `status` is this one."""
        now = timezone.now()
        means = {
            "accepted": ~models.Q(accepted_at=None),
            "revoked": ~models.Q(revoked_at=None),
            "expired": PENDING & models.Q(expires_at__lte=now),
            "pending": PENDING & models.Q(expires_at__gt=now),
        }
        return self.filter(means[status])


class Invitation(tenancy.TenantModel):
    """An address that may become a member with one role. Only the hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField("e-mail", max_length=255)
    role = models.CharField(max_length=10, choices=ROLES)
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the token")
    invited_by = models.CharField(max_length=255, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        db_table = "invitations"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], condition=PENDING, name="invitation_one_pending_per_address"
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="invitation_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="invitation_ends_once",
            ),
            tenancy.Isolation(name="invitation_is_isolated"),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="invitation_by_organization")]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"

    @property
    def status(self) -> str:
        """`accepted`, `revoked`, `expired` or `pending`."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= timezone.now() else "pending"

    @property
    def is_pending(self) -> bool:
        return self.status == "pending"
