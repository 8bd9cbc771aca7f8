from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateTimeFilter

from accounts.services import work_items
from moderation.models import Deployment
from moderation.services import deployments
from musenest.common.actors import Actor
from musenest.common.admin import WORK_FIELDS, WorkItemAdmin, pill


def cancel(*, item: Deployment, by: Actor) -> Deployment:
    return deployments.cancel(deployment=item, by=by)


@admin.register(Deployment)
class DeploymentAdmin(WorkItemAdmin[Deployment]):
    replayed_by = staticmethod(work_items.replay)
    cancelled_by = staticmethod(cancel)
    list_display = (
        "site_config",
        "revision",
        "organization",
        "outcome",
        "work_state",
        "attempts",
        "error",
        "server",
        "created_at",
    )
    list_select_related = ("site_config", "organization", "server")
    list_filter = (
        ("deployment_status", ChoicesDropdownFilter),
        ("state", ChoicesDropdownFilter),
        ("organization", AutocompleteSelectFilter),
        ("created_at", RangeDateTimeFilter),
    )
    search_fields = (
        "site_config__site_identifier",
        "=id",
        "=error_code",
        "=request_id",
        "organization__slug",
    )
    date_hierarchy = "created_at"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "id",
                    "site_config",
                    "organization",
                    "revision",
                    "config_version",
                    "server",
                    "outcome",
                    "error_code",
                    "error_message",
                    "response_time_ms",
                    "max_retries",
                    "retry_delay_base_ms",
                    "created_by",
                    "deployed_at",
                ),
            },
        ),
        WORK_FIELDS,
    )

    @admin.display(description="Outcome", ordering="deployment_status")
    def outcome(self, deployment: Deployment) -> str:
        return pill(deployment.deployment_status)

    @admin.display(description="Configuration version")
    def config_version(self, deployment: Deployment) -> str:
        return f"{deployment.version.number} ({deployment.version.digest[:12]})"
