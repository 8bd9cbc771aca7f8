from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.widgets import UnfoldAdminEmailInputWidget

from accounts.models import Membership, Organization, Person
from accounts.services import organizations
from musenest.common.admin import ServiceAdmin, ServiceForm, actor_of
from musenest.common.admin.unfolded import TabularInline


class NewOrganizationForm(ServiceForm):
    owner = forms.EmailField(
        label="Owner's e-mail",
        widget=UnfoldAdminEmailInputWidget(),
        help_text="of a person who exists already",
    )

    class Meta:
        model = Organization
        fields = ("name", "email", "region")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = False
            self.fields["email"].help_text = "empty: the owner's"

    def clean_owner(self) -> Person:
        person = Person.objects.filter(email=self.cleaned_data["owner"].strip().lower()).first()
        if person is None:
            raise forms.ValidationError("There is no such person. Make the person first.")
        return person


class MembersInline(TabularInline[Membership, Organization]):
    model = Membership
    fields = readonly_fields = ("person", "role", "has_child_safety", "created_at")
    can_delete = False
    extra = 0
    show_change_link = True  # to where staff see what this member sees
    verbose_name_plural = "members"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("person", "organization")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(ServiceAdmin[Organization]):
    """Staff make organisations and look at them; what is in one is its members' to change."""

    noun = "organisation"
    form = NewOrganizationForm
    list_display = ("name", "slug", "email", "region", "created_at")
    list_filter = ("region", ("created_at", RangeDateTimeFilter))
    search_fields = ("name", "slug", "email", "=id")
    ordering = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Organization | None = None) -> bool:
        return False

    def get_inlines(self, request: HttpRequest, obj: Organization | None) -> Any:
        return (MembersInline,) if obj else ()

    def get_fields(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        if obj is None:
            return ("name", "owner", "email", "region")
        return (
            "id",
            "name",
            "slug",
            "email",
            "region",
            "jurisdiction",
            "contact",
            "created_at",
            "updated_at",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Organization:
        return organizations.create(**form.cleaned_data, by=actor_of(request))
