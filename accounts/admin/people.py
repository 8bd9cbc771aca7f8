from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin  # noqa: F401 -- registers Group, which is taken away below
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.widgets import UnfoldAdminPasswordWidget

from accounts.models import Person, RefreshFamily
from accounts.services import people
from musenest.common.admin import Endless, RecordAdmin, ServiceAdmin, ServiceForm, actor_of, asked_first, pill

admin.site.unregister(Group)  # rights come from roles and grants (accounts.rules), not from Django's groups


class NewPersonForm(ServiceForm):
    password = forms.CharField(
        strip=False,
        max_length=1024,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Tell it to the person by another way than e-mail.",
    )

    class Meta:
        model = Person
        fields = ("email", "name", "password", "is_staff")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(Person)
class PersonAdmin(ServiceAdmin[Person]):
    """Staff make people, look at them, disable and enable them; a password is never shown, not even as its
    hash.
    """

    form = NewPersonForm
    list_display = ("email", "name", "state", "is_staff", "last_login", "created_at")
    list_filter = ("is_staff", "is_active", ("created_at", RangeDateTimeFilter))
    search_fields = ("email", "name", "=id")
    ordering = ("email",)
    actions_detail = ("disable", "enable")

    def has_change_permission(self, request: HttpRequest, obj: Person | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        if obj is None:
            return ("email", "name", "password", "is_staff")
        return (
            "id",
            "email",
            "name",
            "state",
            "is_staff",
            "locale",
            "time_zone",
            "last_login",
            "created_at",
            "updated_at",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Person | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> Any:
        """The one of both that changes something."""
        person = self.get_object(request, object_id)
        offered = "disable" if person is not None and person.is_active else "enable"
        found = super().get_actions_detail(request, object_id)  # type: ignore[misc]  # Unfold's, untyped
        return [button for button in found if button.action_name.endswith(f"_{offered}")]

    @admin.display(description="State", ordering="is_active")
    def state(self, person: Person) -> str:
        return pill("active" if person.is_active else "inactive")

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Person:
        return people.create_checked(**form.cleaned_data, by=actor_of(request))

    @asked_first(
        label="Disable",
        icon="person_off",
        question="This person is let in no more, from the next request on. Nothing is deleted; API keys that "
        "they made go on working.",
    )
    def disable(self, request: HttpRequest, person: Person, form: Any) -> str:
        people.disable(person=person, by=actor_of(request))
        return f"{person} is disabled."

    @asked_first(
        label="Enable",
        icon="person_check",
        question="This person may sign in again. What was ended stays ended.",
    )
    def enable(self, request: HttpRequest, person: Person, form: Any) -> str:
        people.enable(person=person, by=actor_of(request))
        return f"{person} is enabled."


@admin.register(RefreshFamily)
class RefreshFamilyAdmin(Endless[RefreshFamily], RecordAdmin[RefreshFamily]):
    noun = "program's sign-in"
    list_display = ("person", "state", "created_at", "rotated_at", "address", "expires_at", "end_reason")
    list_select_related = ("person",)
    list_filter = (("created_at", RangeDateTimeFilter),)
    search_fields = ("person__email",)
    ordering = ("-created_at",)
    fields = (
        "person",
        "state",
        "created_at",
        "rotated_at",
        "expires_at",
        "ended_at",
        "end_reason",
        "address",
        "agent",
    )

    @admin.display(description="State")
    def state(self, family: RefreshFamily) -> str:
        return pill("active" if family.is_alive else "ended")
