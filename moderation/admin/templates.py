import json
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextareaWidget

from moderation.models import Template, TemplateVersion
from moderation.services import templates
from musenest.common.admin import RecordAdmin, ServiceAdmin, ServiceForm, actor_of, as_json, pill


class IndentedJSONField(forms.JSONField):
    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


class TemplateForm(ServiceForm):
    """The four documents and the reason of each figure, as JSON; beginning from the newest version."""

    documents = IndentedJSONField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 32, "spellcheck": "false"}),
        help_text="nudenet_config, blip_config, moderation_rules, usage_intents",
    )
    rationale = IndentedJSONField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16, "spellcheck": "false"}),
        help_text="the reason of each figure, by path",
    )

    class Meta:
        model = Template
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = self.instance.versions.order_by("-number").first() if self.instance.pk else None
        for name in ("documents", "rationale"):
            if name in self.fields and newest is not None:
                self.initial[name] = getattr(newest, name)


@admin.register(Template)
class TemplateAdmin(ServiceAdmin[Template]):
    """Saving makes a new version and deployed sites outdated; it deploys nothing (REQUIREMENTS.md, 10)."""

    form = TemplateForm
    list_display = ("display_name", "name", "newest", "needs_attestation", "needs_blip", "state")
    list_filter = ("is_active", "needs_attestation", "needs_blip")
    search_fields = ("name", "display_name")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "display_name",
                    "description",
                    "newest",
                    "needs_attestation",
                    "needs_blip",
                    "state",
                )
            },
        ),
        ("The next version", {"fields": ("documents", "rationale")}),
    )
    readonly_fields = (
        "name",
        "display_name",
        "description",
        "newest",
        "needs_attestation",
        "needs_blip",
        "state",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        return super().get_queryset(request).annotate(newest_number=Max("versions__number"))

    @admin.display(description="Newest version", ordering="newest_number")
    def newest(self, template: Any) -> str:
        return str(template.newest_number or self.get_empty_value_display())

    @admin.display(description="State", ordering="is_active")
    def state(self, template: Template) -> str:
        return pill("active" if template.is_active else "inactive")

    def save_by_service(self, request: HttpRequest, row: Any, form: Any, *, is_new: bool) -> Template:
        values = form.cleaned_data
        templates.save_version(
            template=row, documents=values["documents"], rationale=values["rationale"], by=actor_of(request)
        )
        saved: Template = row
        return saved


@admin.register(TemplateVersion)
class TemplateVersionAdmin(RecordAdmin[TemplateVersion]):
    list_display = ("template", "number", "created_by", "created_at")
    list_select_related = ("template",)
    list_filter = (("template", RelatedDropdownFilter),)
    search_fields = ("template__name", "template__display_name", "created_by")
    ordering = ("-created_at", "-number")
    fields = ("template", "number", "said", "reasons", "created_by", "created_at")

    @admin.display(description="Documents")
    def said(self, version: TemplateVersion) -> str:
        return as_json(version.documents)

    @admin.display(description="Rationale")
    def reasons(self, version: TemplateVersion) -> str:
        return as_json(version.rationale)
