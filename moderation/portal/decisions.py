"""What was decided: the list with its filters, and one decision with all that led to it. Never a picture."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy, gettext_noop
from django.views.decorators.http import require_GET

from billing.models import TEST
from moderation.models import Decision, DecisionKind
from moderation.portal.decision_view import view_of
from moderation.portal.explanations import explanation
from moderation.selectors import decisions, reasons, sites
from musenest.common.pages import ByMoment, page_of
from musenest.common.portal import PortalRequest, organization_page

DAY = {"class": "form-control", "type": "date"}
STAGE_NAMES = {"detection": gettext_noop("detection"), "caption": gettext_noop("caption")}
KINDS = [
    (DecisionKind.APPROVED, gettext_lazy("Approved")),
    (DecisionKind.FLAGGED, gettext_lazy("Flagged")),
    (DecisionKind.REJECTED, gettext_lazy("Rejected")),
]

MODES = [("", gettext_lazy("Live")), (TEST, gettext_lazy("Test"))]


class FilterForm(forms.Form):
    site = forms.ChoiceField(
        label=gettext_lazy("Site"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    decision = forms.ChoiceField(
        required=False,
        choices=[("", gettext_lazy("All")), *KINDS],
        label=gettext_lazy("Decision"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    mode = forms.ChoiceField(
        required=False,
        choices=MODES,
        label=gettext_lazy("Mode"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    external_id = forms.CharField(
        label=gettext_lazy("Your reference"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs=DAY),
    )

    def __init__(self, data: Any, *, sites: list[str]) -> None:
        super().__init__(data)
        field = self.fields["site"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("All")), *((name, name) for name in sites)]

    def apply(self, found: QuerySet[Decision]) -> QuerySet[Decision]:
        """Days are UTC's, and `until` is included."""
        values = self.cleaned_data
        if values.get("site"):
            found = found.filter(site_identifier=values["site"])
        if values.get("decision"):
            found = found.filter(Q(("standing", values["decision"])))
        if values.get("external_id"):
            found = found.filter(external_id=values["external_id"])
        if values.get("since"):
            found = found.filter(created_at__gte=midnight(values["since"]))
        if values.get("until"):
            found = found.filter(created_at__lt=midnight(values["until"] + timedelta(days=1)))
        return found


@dataclass(frozen=True)
class Row:
    """One line of the list: the first reason of what stands, what nobody answered, and the risk. `query` is
    what its page's address needs.
    """

    decision: Decision
    why: str
    missing: str
    risk: float | None
    query: str


def row_of(decision: Decision) -> Row:
    verdict = decision.verdict_by_now
    missing = [gettext(STAGE_NAMES.get(stage, stage)) for stage in verdict["stages_missing"]]
    why = reasons.first(verdict["reasons"]) or gettext("No reason was recorded")
    query = f"?mode={TEST}" if decision.is_test else ""
    return Row(decision, why, ", ".join(missing), verdict["final_risk_score"], query)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


@require_GET
@organization_page("decisions:read")
def index(request: PortalRequest) -> HttpResponse:
    names = sites.visible_to(request.caller.organization).values_list("site_identifier", flat=True)
    form = FilterForm(request.GET, sites=list(names))
    is_valid = form.is_valid()
    found = decisions.visible_to(request.caller, form.cleaned_data.get("mode", ""))
    found = form.apply(found) if is_valid else found.none()
    page = page_of(found, request.GET.dict(), ByMoment())
    context = {
        "section": "decisions",
        "form": form,
        "page": page,
        "rows": [row_of(decision) for decision in page.rows],
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "moderation/decisions.html", context)


@require_GET
@organization_page("decisions:read")
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    decision = decisions.get_for(request.caller, pk, request.GET.get("mode", ""))
    view = view_of(decision, list(decisions.events_of(decision)), decisions.version_of(decision))
    context = {
        "section": "decisions",
        "view": view,
        "decision": decision,
        "explanation": explanation(decision, view),
    }
    return render(request, "moderation/decision.html", context)
