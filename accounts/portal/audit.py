"""What was done in an organisation: the audit trail with its filters."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import AuditEvent
from accounts.portal import audit_view
from accounts.selectors import audit
from musenest.common.pages import ByNumber, page_of
from musenest.common.portal import PortalRequest, organization_page

# Days beyond these are nobody's, and some are no moments of PostgreSQL's.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
DAYS = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class FilterForm(forms.Form):
    """`who` is the label that the trail keeps of an actor: an e-mail address, or a key's name."""

    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=255,
        widget=forms.TextInput(attrs={"class": "form-control", "list": "actors", "autocomplete": "off"}),
    )
    action = forms.ChoiceField(
        label=_("What"), required=False, widget=forms.Select(attrs={"class": "form-select"})
    )
    since = forms.DateField(
        label=_("From"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("To"),
        required=False,
        validators=DAYS,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, *, zone: str) -> None:
        super().__init__(data)
        self.zone = zone_of(zone)
        field = self.fields["action"]
        if isinstance(field, forms.ChoiceField):
            groups = [(area, list(actions.items())) for area, actions in audit_view.AREAS.items()]
            field.choices = [("", _("Everything")), *groups]

    def apply(self, found: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """Days are the person's, and `until` is included."""
        values = self.cleaned_data
        if values.get("who"):
            found = found.filter(actor_label=values["who"])
        if values.get("action"):
            found = found.filter(action=values["action"])
        if values.get("since"):
            found = found.filter(created_at__gte=self.midnight(values["since"]))
        if values.get("until"):
            found = found.filter(created_at__lt=self.midnight(values["until"] + timedelta(days=1)))
        return found

    def midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone)


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; UTC for one that this machine does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@require_GET
@organization_page("audit:read")
def index(request: PortalRequest) -> HttpResponse:
    form = FilterForm(request.GET, zone=request.caller.person.time_zone)
    found = audit.visible_to(request.caller.organization)
    found = form.apply(found) if form.is_valid() else found.none()
    page = page_of(found, request.GET.dict(), ByNumber())
    context = {
        "section": "settings",
        "tab": "audit",
        "form": form,
        "page": page,
        "entries": [audit_view.entry_of(event) for event in page.rows],
        "actors": actors_of(page.rows),
        "is_filtered": any(request.GET.values()),
    }
    return render(request, "accounts/audit.html", context)


def actors_of(rows: Iterable[AuditEvent]) -> list[str]:
    """Who is on this page: what the field `Who` proposes."""
    return sorted({event.actor_label for event in rows})
