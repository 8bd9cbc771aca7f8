from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from moderation.models import Deployment, Site, SiteStatus
from moderation.services import deployments
from musenest.common.admin import RecordAdmin, actor_of, as_json, asked_first, pill, run_for_each, short


@admin.register(Site)
class SiteAdmin(RecordAdmin[Site]):
    """All organisations' sites, to look at and to deploy. Their settings are their organisations' own."""

    list_display = (
        "site_identifier",
        "organization",
        "state",
        "problem",
        "industry_template",
        "server",
        "revision",
        "last_deployed_at",
        "is_active",
    )
    list_select_related = ("organization", "server", "industry_template")
    list_filter = (
        ("deployment_status", ChoicesDropdownFilter),
        ("industry_template", RelatedDropdownFilter),
        ("server", RelatedDropdownFilter),
        "is_active",
        ("organization", AutocompleteSelectFilter),
    )
    search_fields = ("site_identifier", "site_name", "=id", "organization__name", "organization__slug")
    actions = ("deploy_chosen",)
    actions_detail = ("deploy_one",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "site_identifier",
                    "site_name",
                    "organization",
                    "industry_template",
                    "server",
                    "is_active",
                    "retention_months",
                )
            },
        ),
        (
            "Deployment",
            {
                "fields": (
                    "state",
                    "way_out",
                    "revision",
                    "deployed",
                    "last_deployed_at",
                    "config_version",
                    "last_saved_by",
                )
            },
        ),
        ("What the site changes of its template", {"fields": ("overrides", "webhook_url")}),
        ("Times", {"fields": ("created_at", "updated_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        newest = Deployment.objects.filter(site_config=OuterRef("pk")).order_by("-revision")
        return (
            super()
            .get_queryset(request)
            .filter(deleted_at=None)
            .annotate(newest_error=Subquery(newest.values("error_message")[:1]))
        )

    @admin.display(description="State", ordering="deployment_status")
    def state(self, site: Site) -> str:
        return pill(site.deployment_status)

    @admin.display(description="Problem")
    def problem(self, site: Any) -> str:
        return short(problem_of(site))

    @admin.display(description="Problem and way out")
    def way_out(self, site: Any) -> str:
        if reason := problem_of(site):
            return f"{reason} Remove the cause, then deploy it again."
        if site.deployment_status == SiteStatus.OUTDATED:
            return "What is saved is not what the server has. Deploy it."
        return self.get_empty_value_display()

    @admin.display(description="Deployed version")
    def deployed(self, site: Site) -> str:
        return str(site.deployed_version.number) if site.deployed_version else self.get_empty_value_display()

    @admin.display(description="Overrides")
    def overrides(self, site: Site) -> str:
        return as_json(site.documents)

    @admin.action(description="Deploy the chosen sites")
    def deploy_chosen(self, request: HttpRequest, queryset: QuerySet[Site]) -> None:
        by = actor_of(request)
        run_for_each(
            request,
            queryset,
            lambda site: deployments.request(site=site, by=by),
            done="Queued for deployment",
        )

    @asked_first(
        label="Deploy",
        icon="rocket_launch",
        question="What is saved is frozen as a version and sent to the site's server.",
    )
    def deploy_one(self, request: HttpRequest, site: Site, form: Any) -> str:
        deployment = deployments.request(site=site, by=actor_of(request))
        return f"Revision {deployment.revision} of {site} is queued."


def problem_of(site: Any) -> str:
    """Why the newest deployment failed; nothing where it did not."""
    return str(site.newest_error or "") if site.deployment_status == SiteStatus.FAILED else ""
