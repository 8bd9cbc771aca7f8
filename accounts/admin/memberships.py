from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from accounts.models import Membership
from accounts.services import memberships
from musenest.common.admin import ServiceAdmin, actor_of


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin[Membership]):
    """Staff add members. The child-safety grant is an owner's to give, never theirs (REQUIREMENTS.md, 5)."""

    list_display = ("person", "organization", "role", "has_child_safety", "created_at")
    list_select_related = ("person", "organization")
    list_filter = (
        ("role", ChoicesDropdownFilter),
        "has_child_safety",
        ("organization", AutocompleteSelectFilter),
    )
    search_fields = ("person__email", "person__name", "organization__name", "organization__slug")
    autocomplete_fields = ("organization", "person")
    ordering = ("organization__name", "created_at")

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        if obj is None:
            return ("organization", "person", "role")
        return ("organization", "person", "role", "has_child_safety", "child_safety_granted_by", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Membership:
        return memberships.add(**form.cleaned_data, by=actor_of(request))
