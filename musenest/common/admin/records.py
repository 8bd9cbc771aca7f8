"""The two roots of every admin class: who may enter, and that a record is only looked at."""

from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.admin import AdminSite, ShowFacets
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import EmptyResultSet
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from unfold.paginator import InfinitePaginator

from musenest.common import step_up
from musenest.common.admin.spelling import spell
from musenest.common.admin.unfolded import ModelAdmin

Row = TypeVar("Row", bound=Model)


class StaffAdmin(ModelAdmin[Row]):
    """For active operator staff, all alike. Audit rows of services tell what they do, not Django's log.

    Who did not prove themselves lately is asked again (musenest.common.step_up): before a form that they may
    send is shown, so that nothing typed is lost, and before anything that is sent. Looking asks nothing.
    """

    list_filter_submit = True
    list_filter_sheet = True
    list_per_page = 50
    empty_value_display = "—"
    compressed_fields = True
    warn_unsaved_form = True
    actions_on_top = True
    noun = ""  # what a row is called where the model's name is not our word for it

    def __init__(self, model: type[Row], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        spell(model)

    @property
    def list_title(self) -> str:
        """What the sidebar calls the list."""
        link = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        sidebar: Any = settings.UNFOLD["SIDEBAR"]
        items = (item for group in sidebar["navigation"] for item in group["items"])
        titles = {str(item["link"]): str(item["title"]) for item in items}
        return titles.get(link) or capfirst(str(self.opts.verbose_name_plural))

    def form_title(self, *, is_new: bool) -> str:
        """Beside it stands which row it is."""
        noun = self.noun or str(self.opts.verbose_name)
        return f"New {noun}" if is_new else capfirst(noun)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        is_form = self.has_change_permission(request) if object_id else self.has_add_permission(request)
        if (is_form or request.method == "POST") and must_prove(request):
            return step_up.ask(request, page=request.get_full_path())
        context = {"title": self.form_title(is_new=object_id is None)} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if must_prove(request):
            return step_up.ask(request, page=request.get_full_path())
        return super().delete_view(request, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and must_prove(request):  # the actions for chosen rows
            return step_up.ask(request, page=request.get_full_path())
        context = {"title": self.list_title} | (extra_context or {})
        return super().changelist_view(request, context)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters offer: by `?password__startswith=` a hash could be read letter by letter."""
        offered = {name_of(entry) for entry in self.get_list_filter(request)} | {self.date_hierarchy}
        return lookup.split("__", maxsplit=1)[0] in offered and super().lookup_allowed(lookup, value, request)

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """A value in the address that no query can hold (the year 99999) leads back to the list, as Django
        does with other odd ones.
        """
        try:
            found = super().get_changelist_instance(request)
            with suppress(EmptyResultSet):
                str(found.queryset.query)  # an endless list is asked for later, when it is too late
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters from error
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return is_staff(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return is_staff(request)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Row, message: Any) -> Any:
        """Nothing: the service wrote an audit row."""

    def log_change(self, request: HttpRequest, obj: Row, message: Any) -> Any:
        """Nothing: the service wrote an audit row."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing: the service wrote an audit row."""


class RecordAdmin(StaffAdmin[Row]):
    """To be looked at: services write these rows. What is shown stands in `fieldsets` or `fields`."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> Any:
        return flatten_fieldsets(self.get_fieldsets(request, obj))


class Endless(ModelAdmin[Row]):
    """For tables that grow by the million: no count, newest first by key (an index of every partition)."""

    paginator = InfinitePaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    ordering = ("-id",)
    sortable_by = ()


def is_staff(request: HttpRequest) -> bool:
    person = request.user
    return bool(person.is_active and getattr(person, "is_staff", False))


def must_prove(request: HttpRequest) -> bool:
    """Whether this member of staff has to prove who they are first; others are refused, not asked."""
    return is_staff(request) and not step_up.is_fresh(request)


def name_of(entry: Any) -> str:
    """The field or parameter that an entry of `list_filter` filters by: a name, a pair, or a class."""
    if isinstance(entry, str):
        return entry.split("__")[0]
    if isinstance(entry, tuple | list):
        return name_of(entry[0])
    return str(getattr(entry, "parameter_name", ""))
