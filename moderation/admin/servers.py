from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.widgets import UnfoldAdminPasswordWidget

from moderation.models import Adapter, Server, ServerStatus
from moderation.models.servers import UNLIMITED
from moderation.selectors.servers import HOLDS_SITES
from moderation.services import servers
from musenest.common.admin import (
    ServiceAdmin,
    ServiceForm,
    actor_of,
    as_lines,
    asked_first,
    pill,
    run_for_each,
    short,
)


class ServerForm(ServiceForm):
    """The key can be written and never read: an empty field keeps the one that is there."""

    api_key = forms.CharField(
        label="API key",
        required=False,
        strip=True,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text="Never shown. Left empty, the key stays as it is.",
    )

    class Meta:
        model = Server
        fields = servers.SETTABLE


@admin.register(Server)
class ServerAdmin(ServiceAdmin[Server]):
    form = ServerForm
    list_display = (
        "name",
        "state",
        "error",
        "owner",
        "url",
        "placed",
        "is_blip_available",
        "last_checked_at",
    )
    list_select_related = ("organization",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        ("adapter", ChoicesDropdownFilter),
        "is_active",
        "is_blip_available",
        "region",
        ("organization", AutocompleteSelectFilter),
    )
    search_fields = ("name", "ip_address", "=id", "organization__name", "organization__slug")
    autocomplete_fields = ("organization",)
    actions = ("check_chosen",)
    actions_detail = ("check_one",)

    def get_fieldsets(self, request: HttpRequest, obj: Server | None = None) -> Any:
        settable = (
            ("Where it is", {"fields": ("name", "adapter", "protocol", "ip_address", "port", "api_key")}),
            ("Whom it serves", {"fields": ("organization", "region", "max_sites", "is_active")}),
        )
        seen = (
            "state",
            "reason",
            "last_checked_at",
            "response_time_ms",
            "uptime_seconds",
            "version",
            "abilities",
            "is_blip_available",
            "id",
            "created_at",
        )
        return (("What the last check saw", {"fields": seen}), *settable) if obj else settable

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "adapter":
            kwargs["choices"] = [choice for choice in Adapter.choices if choice[0] in servers.ADAPTERS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Server | None = None) -> Any:
        return self.get_fieldsets(request, obj)[0][1]["fields"] if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Server]:
        return super().get_queryset(request).annotate(site_count=HOLDS_SITES)

    @admin.display(description="State", ordering="status")
    def state(self, server: Server) -> str:
        return pill(server.status if server.is_active else "inactive")

    @admin.display(description="URL")
    def url(self, server: Server) -> str:
        return server.url

    @admin.display(description="Last error")
    def error(self, server: Server) -> str:
        return short(server.last_error)

    @admin.display(description="Last error and way out")
    def reason(self, server: Server) -> str:
        if not server.last_error:
            return self.get_empty_value_display()
        return f"{server.last_error} Look at the address, the key and the machine, then check it again."

    @admin.display(description="Owner", ordering="organization__name")
    def owner(self, server: Server) -> str:
        return "shared" if server.is_shared else str(server.organization)

    @admin.display(description="Sites", ordering="site_count")
    def placed(self, server: Any) -> str:
        return (
            f"{server.site_count}"
            if server.max_sites == UNLIMITED
            else f"{server.site_count} of {server.max_sites}"
        )

    @admin.display(description="Capabilities")
    def abilities(self, server: Server) -> str:
        return as_lines(str(name) for name in server.capabilities)

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Server:
        by = actor_of(request)
        if is_new:
            return servers.create(fields=form.cleaned_data, by=by)
        return servers.update(server=row, fields=form.cleaned_data, by=by)

    @admin.action(description="Check the chosen servers")
    def check_chosen(self, request: HttpRequest, queryset: QuerySet[Server]) -> None:
        by = actor_of(request)
        run_for_each(request, queryset, lambda server: servers.check(server=server, by=by), done="Checked")

    @asked_first(
        label="Check now",
        icon="network_check",
        question="MuseNest asks the server how it is and shows the answer here.",
    )
    def check_one(self, request: HttpRequest, server: Server, form: Any) -> str:
        checked = servers.check(server=server, by=actor_of(request))
        if checked.status == ServerStatus.ONLINE:
            return f"{checked} is online."
        messages.warning(request, f"{checked} is {checked.status}. {checked.last_error}")
        return ""
