"""What was decided: the list with its filters, and one decision with all that led to it. Never a picture."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from moderation.models import Decision, DecisionKind
from moderation.portal.decision_view import view_of
from moderation.portal.pages import page_of
from moderation.selectors import decisions, sites
from musenest.common.portal import PortalRequest, organization_page


class FilterForm(forms.Form):
    site = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "form-select"}))
    decision = forms.ChoiceField(
        required=False,
        choices=[("", "All"), *DecisionKind.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(attrs={"class": "form-control", "type": "date"})
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"class": "form-control", "type": "date"})
    )

    def __init__(self, data: Any, *, sites: list[str]) -> None:
        super().__init__(data)
        field = self.fields["site"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "All"), *((name, name) for name in sites)]

    def apply(self, found: QuerySet[Decision]) -> QuerySet[Decision]:
        """Days are UTC's, and `until` is included."""
        values = self.cleaned_data
        if values.get("site"):
            found = found.filter(site_identifier=values["site"])
        if values.get("decision"):
            found = found.filter(Q(("standing", values["decision"])))
        if values.get("since"):
            found = found.filter(created_at__gte=midnight(values["since"]))
        if values.get("until"):
            found = found.filter(created_at__lt=midnight(values["until"] + timedelta(days=1)))
        return found


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


@require_GET
@organization_page("decisions:read")
def index(request: PortalRequest) -> HttpResponse:
    names = sites.visible_to(request.caller.organization).values_list("site_identifier", flat=True)
    form = FilterForm(request.GET, sites=list(names))
    found = decisions.visible_to(request.caller)
    found = form.apply(found) if form.is_valid() else found.none()
    page = page_of(found, request.GET.dict())
    context = {"section": "decisions", "form": form, "page": page, "is_filtered": any(request.GET.values())}
    return render(request, "moderation/decisions.html", context)


@require_GET
@organization_page("decisions:read")
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    decision = decisions.get_for(request.caller, pk)
    context = {
        "section": "decisions",
        "view": view_of(decision, list(decisions.events_of(decision))),
        "decision": decision,
    }
    return render(request, "moderation/decision.html", context)
