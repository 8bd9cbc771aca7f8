from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.models import ApiKey
from accounts.services import api_keys
from musenest.common.admin import RecordAdmin, actor_of, as_lines, asked_first, pill, run_for_each


@admin.register(ApiKey)
class ApiKeyAdmin(RecordAdmin[ApiKey]):
    """To look at and to revoke. A key is made by the organisation, which alone sees it, once."""

    list_display = ("name", "ending", "organization", "mode", "state", "last_used_at", "created_at")
    list_select_related = ("organization",)
    list_filter = (
        ("mode", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = ("name", "=last_four", "organization__name", "organization__slug")
    ordering = ("-created_at",)
    actions = ("revoke_chosen",)
    actions_detail = ("revoke_one",)
    fields = (
        "organization",
        "name",
        "ending",
        "mode",
        "state",
        "opens",
        "created_by",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )

    @admin.display(description="Key")
    def ending(self, key: ApiKey) -> str:
        return f"mn_{key.mode}_…{key.last_four}"

    @admin.display(description="Scopes")
    def opens(self, key: ApiKey) -> str:
        return as_lines(key.scopes)

    @admin.display(description="State")
    def state(self, key: ApiKey) -> str:
        return pill("active" if key.is_usable else key.status)

    @admin.action(description="Revoke the chosen keys")
    def revoke_chosen(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        by = actor_of(request)
        run_for_each(request, queryset, lambda key: api_keys.revoke(key=key, by=by), done="Revoked")

    @asked_first(
        label="Revoke",
        icon="block",
        question="What uses this key is refused from the next request on. There is no way back.",
    )
    def revoke_one(self, request: HttpRequest, key: ApiKey, form: Any) -> str:
        api_keys.revoke(key=key, by=actor_of(request))
        return f"{key} is revoked."
