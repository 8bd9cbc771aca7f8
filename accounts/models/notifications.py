from uuid import uuid4

from django.conf import settings
from django.db import models

from musenest.common import tenancy
from musenest.common.work.items import WorkItem, due_index


class Notification(tenancy.TenantModel, WorkItem):
    """One message to one person over one channel, as work."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, default="email")
    template = models.CharField(max_length=60)
    context = models.JSONField(default=dict)

    class Meta:
        db_table = "notifications"
        constraints = [tenancy.Isolation(name="notification_is_isolated")]
        indexes = [due_index("notification_due")]

    def __str__(self) -> str:
        return f"{self.template} to {self.person_id}"
