"""`/design`: every component with made-up figures, to look at while changing one (DESIGN.md)."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from moderation.models import DecisionKind, DeploymentStatus, ServerStatus, SiteStatus
from moderation.portal.decision_view import row_of
from moderation.portal.deployment_view import Event, Progress, icon_of
from moderation.portal.drawings import drawing_of
from moderation.portal.new_site_form import NewSiteForm
from moderation.portal.plan_view import ChangeRow
from moderation.portal.settings_form import THRESHOLD, use
from moderation.portal.sliders import Figures

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


@require_GET
@login_required
def show(request: HttpRequest) -> HttpResponse:
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
        "progress": Progress("Sending to Frankfurt 1", "deployment 7", 2, "Then its copy is read back."),
        "drawing": drawing_of(LABELS, SCORED, 400, 300),
        "scores": [row_of(index, scored, SAMPLE_THRESHOLD) for index, scored in enumerate(SCORED)],
        "form": NewSiteForm({"site_name": "Acme Family", "site_identifier": "not a name"}, templates=[]),
    }
    return render(request, "moderation/design.html", context)
