from uuid import uuid4

from django.conf import settings
from django.db import models

from musenest.common import tenancy
from musenest.common.encryption import EncryptedTextField
from musenest.common.work.items import WorkItem, due_index


class Notification(tenancy.TenantModel, WorkItem):
    """One message to one person (or to an address that is nobody's yet) over one channel, as work."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # None: about the person's own sign-in, which is no organisation's.
    organization = models.ForeignKey(  # type: ignore[assignment]  # other tenants' rows always have one
        "accounts.Organization", null=True, on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.EmailField(max_length=255, blank=True, db_default="", help_text="empty: the person's")
    channel = models.CharField(max_length=10, default="email")
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)
    # A link that signs in or lets in is as good as a password: encrypted, and gone once it was sent.
    secrets = EncryptedTextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        db_table = "notifications"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=False) | ~models.Q(address=""),
                name="notification_is_to_somebody",
            ),
            tenancy.Isolation(name="notification_is_isolated"),
        ]
        indexes = [due_index("notification_due")]

    def __str__(self) -> str:
        return f"{self.template} to {self.person_id or self.address}"

    @property
    def recipient(self) -> str:
        return self.address or (self.person.email if self.person else "")
