from uuid import uuid4

from django.db import models

from moderation.models.servers import Server
from musenest.common import tenancy
from musenest.common.work.items import WorkItem, due_index


class CaptionRequest(tenancy.TenantModel, WorkItem):
    """A caption that a server still owes to a decision, as work: fetch it, and decide again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Decisions are partitioned, so nothing refers to them by foreign key; their day says in which partition.
    decision_id = models.BigIntegerField()
    decision_created_at = models.DateTimeField()
    server = models.ForeignKey(Server, on_delete=models.SET_NULL, null=True, related_name="+")
    batch_id = models.CharField(max_length=200)

    class Meta:
        db_table = "caption_requests"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "decision_id"], name="caption_request_once_per_decision"
            ),
            tenancy.Isolation(name="caption_request_is_isolated"),
        ]
        indexes = [due_index("caption_request_due")]

    def __str__(self) -> str:
        return f"caption of decision {self.decision_id}"
