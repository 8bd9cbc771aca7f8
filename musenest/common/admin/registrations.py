"""The kernel's own tables. Egress allowances are in accounts, which has the audited service for them."""

from django.contrib import admin
from django.utils import timezone
from unfold.contrib.filters.admin import RangeDateTimeFilter

from musenest.common.admin.pills import pill
from musenest.common.admin.records import Endless, RecordAdmin
from musenest.common.admin.shown import short
from musenest.common.idempotency import IdempotencyRecord
from musenest.common.work.schedules import Schedule, plans


@admin.register(Schedule)
class ScheduleAdmin(RecordAdmin[Schedule]):
    list_display = ("name", "state", "every", "claimed_at", "finished_at", "error")
    search_fields = ("name",)
    ordering = ("name",)
    fields = ("name", "state", "every", "claimed_at", "finished_at", "occurrence", "last_error")

    @admin.display(description="State")
    def state(self, schedule: Schedule) -> str:
        if schedule.last_error:
            return pill("failed")
        return pill("done" if is_finished(schedule) else "running")

    @admin.display(description="Every")
    def every(self, schedule: Schedule) -> str:
        plan = plans.get(schedule.name)
        return str(plan.every) if plan else "not registered any more"

    @admin.display(description="Last error")
    def error(self, schedule: Schedule) -> str:
        return short(schedule.last_error)


def is_finished(schedule: Schedule) -> bool:
    return schedule.finished_at is not None and schedule.finished_at >= schedule.claimed_at


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(Endless[IdempotencyRecord], RecordAdmin[IdempotencyRecord]):
    """Without the kept answers, which may tell of pictures that staff do not see (REQUIREMENTS.md, 24)."""

    list_display = ("key", "caller", "answer", "is_secret", "created_at")
    list_filter = ("is_secret", ("created_at", RangeDateTimeFilter))
    search_fields = ("=key", "caller")
    fields = ("key", "caller", "answer", "is_secret", "fingerprint", "created_at")

    @admin.display(description="Answer")
    def answer(self, record: IdempotencyRecord) -> str:
        if record.status is not None:
            return str(record.status)
        age = int((timezone.now() - record.created_at).total_seconds())
        return f"none yet, begun {age} s ago"
