"""Captions that come after the answer: fetched as work, they may only make a decision stricter
(PROTOCOL.md).
"""

from moderation import clients
from moderation.clients import Description
from moderation.domain import decisions as rules
from moderation.domain.detections import parse_detections
from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.verdicts import Reason, Verdict
from moderation.models import CaptionRequest, ConfigurationVersion, Decision, DecisionEvent, Server
from moderation.services import escalations
from musenest.common import work
from musenest.common.actors import SYSTEM


def request(*, decision: Decision, server: Server, batch_id: str) -> CaptionRequest:
    """Ask for the caption of a decision, in the decision's own transaction."""
    return work.enqueue(
        CaptionRequest(
            organization_id=decision.organization_id,
            decision_id=decision.pk,
            decision_created_at=decision.created_at,
            server=server,
            batch_id=batch_id,
        )
    )


def run(item: CaptionRequest) -> None:
    """Fetch the caption and write what the decision becomes by it. Raises RetryError while it is not
    ready.
    """
    if item.server is None:
        raise work.GiveUpError("The server that wrote the caption was removed.")
    client = clients.connect(adapter=item.server.adapter, url=item.server.url, api_key=item.server.api_key)
    try:
        description = client.describe(batch_id=item.batch_id)
    except clients.ServerError as error:
        raise (work.GiveUpError if error.is_lasting else work.RetryError)(error.message) from error
    if description is None:
        raise work.RetryError("The caption is not ready yet.")
    decision = decision_of(item)
    if description.image_hash != decision.image_hash:
        raise work.GiveUpError("The server answered with the caption of another picture.")
    verdict = revised(decision, description)
    with work.finishing(item):
        DecisionEvent.objects.create(
            organization_id=decision.organization_id,
            decision_id=decision.pk,
            kind="caption_answered",
            decision=verdict.decision,
            is_escalated=verdict.escalated,
            caption=description.caption,
            data=verdict.payload(),
            created_by=SYSTEM.label,
        )
        if verdict.escalated and not decision.is_escalated:
            escalations.tell(decision)


def give_up(item: CaptionRequest, reason: str) -> None:
    """No caption will come: the decision stands as it is, and says why it stays without one."""
    DecisionEvent.objects.create(
        organization_id=item.organization_id,
        decision_id=item.decision_id,
        kind="caption_missing",
        data={"reason": reason, "child_safety": "unavailable"},
        created_by=SYSTEM.label,
    )


def decision_of(item: CaptionRequest) -> Decision:
    return Decision.objects.get(pk=item.decision_id, created_at=item.decision_created_at)


def revised(decision: Decision, description: Description) -> Verdict:
    """The rules that decided at first, with the caption; never milder than what was decided, or than
    the server.
    """
    later = rules.decide(
        parse_detections(decision.labels),
        profile_of(decision),
        context_type=decision.context_type or None,
        usage_intent=decision.usage_intent or None,
        caption=description.caption,
        children_detected=description.children_detected,
    )
    return rules.revised(verdict_of(decision), later)


def profile_of(decision: Decision) -> Profile:
    version = ConfigurationVersion.objects.get(site_id=decision.site_id, number=decision.config_version or 0)
    return parse_profile(version.payload)


def verdict_of(decision: Decision) -> Verdict:
    """The recorded decision as the verdict that it was. It was assessed, so its figures are there."""
    return Verdict(
        decision=decision.decision,
        reasons=tuple(Reason(**reason) for reason in decision.reasons),
        nudity_score=decision.nudity_score or 0.0,
        child_risk=decision.child_risk or 0.0,
        final_risk_score=decision.final_risk_score or 0.0,
        risk_level=decision.risk_level,
        threshold=decision.threshold or 0.0,
        usage_intent=decision.usage_intent,
        escalated=decision.is_escalated,
        preserve=decision.is_preserve,
        child_safety=decision.child_safety,
        stages_done=tuple(decision.stages_done),
        stages_missing=tuple(decision.stages_missing),
    )
