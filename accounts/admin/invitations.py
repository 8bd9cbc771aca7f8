from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.models import Invitation
from musenest.common.admin import RecordAdmin, pill


@admin.register(Invitation)
class InvitationAdmin(RecordAdmin[Invitation]):
    """To look at: inviting is the organisation's own."""

    list_display = ("email", "organization", "role", "state", "invited_by", "sent_at", "expires_at")
    list_select_related = ("organization",)
    list_filter = (
        ("role", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("email", "organization__name", "organization__slug")
    ordering = ("-created_at",)
    fields = (
        "organization",
        "email",
        "role",
        "state",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )

    @admin.display(description="State")
    def state(self, invitation: Invitation) -> str:
        return pill(invitation.status)
