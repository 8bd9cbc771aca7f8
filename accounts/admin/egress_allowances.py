from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.services import egress_allowances
from musenest.common.admin import ServiceAdmin, actor_of
from musenest.common.egress.models import EgressAllowance


@admin.register(EgressAllowance)
class EgressAllowanceAdmin(ServiceAdmin[EgressAllowance]):
    """Added and withdrawn, never changed: a host and a port, with the reason of its day."""

    list_display = ("host", "port", "reason", "created_at")
    search_fields = ("host", "reason")
    ordering = ("host", "port")

    def has_change_permission(self, request: HttpRequest, obj: EgressAllowance | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EgressAllowance | None = None) -> bool:
        return self.has_view_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: EgressAllowance | None = None) -> Any:
        return ("host", "port", "reason", "created_at") if obj else ("host", "port", "reason")

    def get_readonly_fields(self, request: HttpRequest, obj: EgressAllowance | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> EgressAllowance:
        return egress_allowances.allow(**form.cleaned_data, by=actor_of(request))

    def delete_model(self, request: HttpRequest, obj: EgressAllowance) -> None:
        egress_allowances.withdraw(allowance=obj, by=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[EgressAllowance]) -> None:
        for allowance in queryset:
            self.delete_model(request, allowance)
