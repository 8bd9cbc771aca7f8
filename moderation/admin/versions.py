from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, RangeDateTimeFilter

from moderation.models import ConfigurationVersion
from musenest.common.admin import RecordAdmin, as_json


@admin.register(ConfigurationVersion)
class ConfigurationVersionAdmin(RecordAdmin[ConfigurationVersion]):
    list_display = ("site", "number", "organization", "made_of", "short_digest", "created_by", "created_at")
    list_select_related = ("site", "organization", "template_version__template")
    list_filter = (("organization", AutocompleteSelectFilter), ("created_at", RangeDateTimeFilter))
    search_fields = ("site__site_identifier", "^digest", "=id", "organization__slug")
    date_hierarchy = "created_at"
    ordering = ("-created_at",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "site",
                    "number",
                    "organization",
                    "made_of",
                    "digest",
                    "translator_version",
                    "created_by",
                    "created_at",
                ),
            },
        ),
        ("What is sent to the server", {"fields": ("sent", "warned")}),
        ("What it was made of", {"fields": ("joined", "came_from")}),
    )

    @admin.display(description="Template")
    def made_of(self, version: ConfigurationVersion) -> str:
        return str(version.template_version)

    @admin.display(description="Digest")
    def short_digest(self, version: ConfigurationVersion) -> str:
        return version.digest[:12]

    @admin.display(description="Payload")
    def sent(self, version: ConfigurationVersion) -> str:
        return as_json(version.payload)

    @admin.display(description="Warnings")
    def warned(self, version: ConfigurationVersion) -> str:
        return as_json(version.warnings)

    @admin.display(description="Effective documents")
    def joined(self, version: ConfigurationVersion) -> str:
        return as_json(version.documents)

    @admin.display(description="Source of each figure")
    def came_from(self, version: ConfigurationVersion) -> str:
        return as_json(version.sources)
