"""Work as staff see it: state, tries, the last error, and the two ways out, replaying and cancelling."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from musenest.common.admin.actions import actor_of, asked_first, run_for_each
from musenest.common.admin.pills import pill
from musenest.common.admin.records import RecordAdmin
from musenest.common.admin.shown import short
from musenest.common.work import WorkItem

Item = TypeVar("Item", bound=WorkItem)

WORK_FIELDS: tuple[str, Any] = (
    "Work",
    {
        "fields": (
            "work_state",
            "reason",
            "attempts",
            "crashes",
            "due_at",
            "leased_until",
            "created_at",
            "finished_at",
            "request_id",
        ),
    },
)
ASK_TO_REPLAY = (
    "It begins again from the start, with all its tries. Only failed or parked work can be replayed."
)
ASK_TO_CANCEL = "It ends here and is not done. Only work that waits can be cancelled."


class WorkItemAdmin(RecordAdmin[Item]):
    """One kind of work. The app names the services that replay and cancel it."""

    replayed_by: ClassVar[Callable[..., Any]]  # replay(item=, by=)
    cancelled_by: ClassVar[Callable[..., Any]]  # cancel(item=, by=)

    actions = ("replay_chosen", "cancel_chosen")
    actions_detail = ("replay_one", "cancel_one")
    ordering = ("-created_at",)

    @admin.display(description="Work", ordering="state")
    def work_state(self, item: Item) -> str:
        return pill(item.state)

    @admin.display(description="Last error")
    def error(self, item: Item) -> str:
        return short(item.last_error)

    @admin.display(description="Last error and way out")
    def reason(self, item: Item) -> str:
        if not item.last_error:
            return self.get_empty_value_display()
        if item.is_replayable:
            return f"{item.last_error} Remove the cause, then replay it."
        return (
            f"{item.last_error} It is tried again at {item.due_at:%Y-%m-%d %H:%M:%S} UTC."
            if item.is_open
            else item.last_error
        )

    @admin.action(description="Replay what failed or was parked")
    def replay_chosen(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        by = actor_of(request)
        run_for_each(request, queryset, lambda item: self.replayed_by(item=item, by=by), done="Queued again")

    @admin.action(description="Cancel what waits")
    def cancel_chosen(self, request: HttpRequest, queryset: QuerySet[Item]) -> None:
        by = actor_of(request)
        run_for_each(request, queryset, lambda item: self.cancelled_by(item=item, by=by), done="Cancelled")

    @asked_first(label="Replay", question=ASK_TO_REPLAY, icon="replay")
    def replay_one(self, request: HttpRequest, item: Item, form: Any) -> str:
        self.replayed_by(item=item, by=actor_of(request))
        return "It is queued again."

    @asked_first(label="Cancel", question=ASK_TO_CANCEL, icon="cancel")
    def cancel_one(self, request: HttpRequest, item: Item, form: Any) -> str:
        self.cancelled_by(item=item, by=actor_of(request))
        return "It is cancelled."
