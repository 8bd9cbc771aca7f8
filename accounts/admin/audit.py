from django.contrib import admin
from unfold.contrib.filters.admin import RangeDateTimeFilter

from accounts.models import AuditEvent, AuditSeal, UnsealedEvent
from musenest.common.admin import Endless, OrganizationFilter, OrganizationNamed, as_json


@admin.register(AuditEvent)
class AuditEventAdmin(Endless[AuditEvent], OrganizationNamed[AuditEvent]):
    list_display = ("action", "actor_label", "target", "organization", "created_at")
    list_filter = (OrganizationFilter, ("created_at", RangeDateTimeFilter))
    search_fields = ("^action", "=actor_label", "=target_id", "=request_id")
    search_help_text = "Beginning of an action (site.), an actor's whole e-mail, a target's or a request's id"
    fields = (
        "action",
        "actor_label",
        "actor_kind",
        "actor_id",
        "target",
        "target_id",
        "organization",
        "changed",
        "request_id",
        "created_at",
    )

    @admin.display(description="Target")
    def target(self, event: AuditEvent) -> str:
        return f"{event.target_type} {event.target_label or event.target_id}"

    @admin.display(description="Changes")
    def changed(self, event: AuditEvent) -> str:
        return as_json(event.changes)


@admin.register(AuditSeal)
class AuditSealAdmin(Endless[AuditSeal], OrganizationNamed[AuditSeal]):
    list_display = ("sequence", "organization", "event_id", "seal", "sealed_at")
    list_filter = (OrganizationFilter, ("sealed_at", RangeDateTimeFilter))
    search_fields = ("=event_id", "=seal")
    fields = ("organization", "sequence", "event_id", "seal", "sealed_at")


@admin.register(UnsealedEvent)
class UnsealedEventAdmin(OrganizationNamed[UnsealedEvent]):
    """Events that wait for their seal, oldest first: a list that stays long means that nobody seals."""

    list_display = ("event_id", "organization")
    search_fields = ("=event_id",)
    ordering = ("event_id",)
    fields = ("event_id", "organization")
