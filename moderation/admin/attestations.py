from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from moderation.models import Attestation
from musenest.common.admin import RecordAdmin


@admin.register(Attestation)
class AttestationAdmin(RecordAdmin[Attestation]):
    list_display = ("organization", "wording_version", "stated_by", "created_at")
    list_select_related = ("organization",)
    list_filter = (("organization", AutocompleteSelectFilter),)
    search_fields = ("organization__name", "organization__slug", "stated_by")
    ordering = ("-created_at",)
    fields = ("organization", "stated_by", "wording_version", "wording", "created_at")
