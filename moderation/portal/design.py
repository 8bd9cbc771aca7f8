"""`/design`: every component with made-up figures, to look at while changing one (DESIGN.md)."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from billing.selectors.usage import Quota
from moderation.models import DecisionKind, DeploymentStatus, ServerStatus, SiteStatus
from moderation.portal.decision_view import row_of
from moderation.portal.deployment_view import Event, Progress, icon_of
from moderation.portal.drawings import drawing_of
from moderation.portal.new_site_form import NewSiteForm
from moderation.portal.plan_view import ChangeRow
from moderation.portal.settings_form import THRESHOLD, use
from moderation.portal.sliders import Figures
from musenest.common.errors import NotFoundError

LABELS = [
    {"label": "FACE_FEMALE", "score": 72.4, "box": {"x": 170, "y": 30, "width": 70, "height": 80}},
    {"label": "BELLY_EXPOSED", "score": 38.8, "box": {"x": 150, "y": 150, "width": 110, "height": 90}},
    {"label": "BUTTOCKS_EXPOSED", "score": 16.2, "box": {"x": 20, "y": 200, "width": 90, "height": 70}},
]
SCORED = [
    {"label": "FACE_FEMALE", "score": 72.4, "weight": 0, "counts": True, "contribution": 0},
    {"label": "BELLY_EXPOSED", "score": 38.8, "weight": 0.5, "counts": True, "contribution": 19.4},
    {"label": "BUTTOCKS_EXPOSED", "score": 16.2, "weight": 1, "counts": False, "contribution": 0},
]
SAMPLE_THRESHOLD = 25
FIGURES = Figures(
    values={
        THRESHOLD: 0.3,
        "usage_intents.store.approval_threshold": 20,
        "usage_intents.store.rejection_threshold": 65,
    },
    template={THRESHOLD: 0.25, "usage_intents.store.approval_threshold": 20},
    rationale={THRESHOLD: "A miss costs more here than a look."},
    errors={},
)


# As analytics draws it; the house's layers do not let this app ask there.
SAMPLE_CHART = {
    "title": "24 % of 50 pictures were held back in the last 3 days",
    "unit": "pictures",
    "height": 196,
    "lines": [{"y": "172.0", "text": "0"}, {"y": "100.0", "text": "10"}, {"y": "28.0", "text": "20"}],
    "ticks": [
        {"x": "0", "anchor": "start", "text": "19 Nov"},
        {"x": "100", "anchor": "end", "text": "21 Nov"},
    ],
    "bars": [
        {
            "x": f"{place * 33.3 + 5:.1f}",
            "width": "23.3",
            "words": "a day",
            "pieces": [
                {"kind": "approved", "y": "80.0", "height": "92.0"},
                {"kind": "flagged", "y": "60.0", "height": "20.0"},
                {"kind": "rejected", "y": "50.0", "height": "10.0"},
            ],
        }
        for place in range(3)
    ],
}


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
    if not getattr(request.user, "is_staff", False):
        raise NotFoundError("There is no such page.")
    now = timezone.now()
    context = {
        "tones": ["approved", "flagged", "rejected", "escalated", "neutral"],
        "kinds": [
            *DecisionKind.values,
            "escalated",
            *SiteStatus.values,
            *DeploymentStatus.values,
            *ServerStatus.values,
        ],
        "slider": FIGURES.slider(THRESHOLD, "Counts from", most=1, step=0.01),
        "use": use("store", FIGURES),
        "changes": [
            ChangeRow(THRESHOLD, "Detection threshold", "0.25", "0.3", "set here"),
            ChangeRow("blip_config.child_keywords", "Child-safety keywords", "", "pupil, cadet", "set here"),
        ],
        "events": [
            Event(status.label, now - timedelta(hours=hours), "owner@acme.example", tone, icon_of(status))
            for hours, status, tone in (
                (1, DeploymentStatus.SUCCESSFUL, "approved"),
                (5, DeploymentStatus.FAILED, "rejected"),
                (30, DeploymentStatus.SUPERSEDED, "neutral"),
            )
        ],
        "quota": Quota(used=912, limit=1000, month=now.date()),
        "chart": SAMPLE_CHART,
        "progress": Progress("Sending to Frankfurt 1", "deployment 7", 2, "Then its copy is read back."),
        "drawing": drawing_of(LABELS, SCORED, 400, 300),
        "scores": [row_of(index, scored, SAMPLE_THRESHOLD) for index, scored in enumerate(SCORED)],
        "form": NewSiteForm({"site_name": "Acme Family", "site_identifier": "not a name"}, templates=[]),
    }
    return render(request, "moderation/design.html", context)
