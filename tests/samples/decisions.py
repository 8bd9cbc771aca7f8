"""Decisions as an analysis would have written them, and what came later."""

from typing import Any

from moderation.models import CaptionRequest, Decision, DecisionEvent, Server, Site
from tests.samples.organizations import Customer


def decision(of: Customer, about: Site, kind: str = "rejected", **fields: Any) -> Decision:
    """A decision about a picture of 400 by 300 pixels with one detection."""
    label = {
        "label": "BUTTOCKS_EXPOSED",
        "score": 83.5,
        "box": {"x": 10, "y": 20, "width": 100, "height": 80},
    }
    scored = {"label": "BUTTOCKS_EXPOSED", "score": 83.5, "weight": 1, "counts": True, "contribution": 83.5}
    values: dict[str, Any] = {
        "decision": kind,
        "reasons": [{"code": "RISK_REACHES_REJECTION", "message": f"Reason of {about}.", "details": {}}],
        "labels": [label],
        "scored": [scored],
        "final_risk_score": 83.5,
        "nudity_score": 83.5,
        "child_risk": 0.0,
        "threshold": 20.0,
        "risk_level": "high",
        "usage_intent": "public_site",
        "stages_done": ["detection"],
        "stages_missing": ["caption"],
        "image_hash": "a" * 64,
        "image_width": 400,
        "image_height": 300,
        "config_version": 1,
        "server_name": "local",
        "created_by": of.owner.email,
    }
    with of.scope():
        return stored(about, values | fields)


def hidden_decision(about: Site, **fields: Any) -> Decision:
    """A rejected one, with what staff are not to see; made in their scope."""
    usual = {
        "decision": "rejected",
        "final_risk_score": 83.5,
        "nudity_score": 83.5,
        "risk_level": "high",
        "caption": "caption-not-for-staff",
        "labels": [{"label": "BUTTOCKS_EXPOSED", "score": 83.5, "box": None}],
        "reasons": [{"code": "RISK", "message": "The risk is over the threshold.", "details": {}}],
        "server_answer": {"description": "answer-not-for-staff"},
        "image_hash": "ab" * 32,
        "created_by": "program",
    }
    return stored(about, usual | fields)


def stored(about: Site, values: dict[str, Any]) -> Decision:
    return Decision.objects.create(
        organization_id=about.organization_id,
        site_id=about.pk,
        site_identifier=about.site_identifier,
        **values,
    )


def hidden_event(of: Decision, **fields: Any) -> DecisionEvent:
    """Something that came later, with what staff are not to see."""
    usual = {
        "kind": "noted",
        "caption": "event-not-for-staff",
        "data": {"caption": "not-for-staff"},
        "created_by": "x",
    }
    return DecisionEvent.objects.create(
        organization_id=of.organization_id, decision_id=of.pk, **(usual | fields)
    )


def caption_request(decision: Decision, server: Server) -> CaptionRequest:
    return CaptionRequest.objects.create(
        organization_id=decision.organization_id,
        decision_id=decision.pk,
        decision_created_at=decision.created_at,
        server=server,
        batch_id=f"batch-{decision.pk}",
    )
