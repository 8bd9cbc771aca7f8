from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.models import Membership
from accounts.services import impersonations, memberships
from accounts.services.impersonations import LEAST_REASON
from musenest.common import impersonation
from musenest.common.admin import ServiceAdmin, actor_of, asked_first
from musenest.common.admin.unfolded import BaseDialogForm


class ReasonForm(BaseDialogForm):
    reason = forms.CharField(min_length=LEAST_REASON, max_length=500, widget=UnfoldAdminTextareaWidget())


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
    actions_detail = ("impersonate",)

    def has_change_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        if obj is None:
            return ("organization", "person", "role")
        return ("organization", "person", "role", "has_child_safety", "child_safety_granted_by", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    @asked_first(
        label="See as this member",
        icon="visibility",
        form_class=ReasonForm,
        question="You see the organisation's pages as this member does, for an hour, and change nothing. The "
        "organisation finds it in its audit trail, with your reason.",
    )
    def impersonate(self, request: HttpRequest, membership: Membership, form: Any) -> HttpResponse:
        begun = impersonations.begin(
            membership=membership,
            reason=form.cleaned_data["reason"],
            by=actor_of(request),
            instead_of=impersonation.of(request),
        )
        request.session[impersonation.SESSION_KEY] = begun.kept()
        return HttpResponse(headers={"HX-Redirect": reverse("overview", args=[begun.slug])})

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Membership:
        return memberships.add(**form.cleaned_data, by=actor_of(request))
