"""Analysing a picture: refuse → reserve quota → call the server → decide → record. The picture is never kept.

No error becomes an approval: what cannot be assessed is flagged with its reason, and is not metered.
"""

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.utils import timezone

from billing.services import usage
from billing.services.usage import Reservation
from moderation import clients
from moderation.clients import Analysis, ServerError
from moderation.domain import decisions as rules
from moderation.domain import pictures
from moderation.domain.decisions import Verdict
from moderation.domain.pictures import PictureError, PictureHeader
from moderation.domain.profiles import parse_profile
from moderation.models import ConfigurationVersion, Decision, Server, Site
from moderation.services import captions
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, InvalidError, MuseNestError, TooLargeError, UnsupportedError

logger = structlog.get_logger(__name__)

ERRORS: dict[int, type[MuseNestError]] = {413: TooLargeError, 415: UnsupportedError, 422: InvalidError}


@dataclass(frozen=True)
class Request:
    """What a caller says about a picture beside the picture itself."""

    usage_intent: str = ""
    context_type: str = ""
    external_id: str = ""
    person: UUID | None = None
    mode: str = "live"


@dataclass(frozen=True)
class Outcome:
    """What came of the call: a verdict, and the server's answer where there was a usable one."""

    verdict: Verdict
    analysis: Analysis | None

    @property
    def is_metered(self) -> bool:
        """An answer that failed through our fault does not count (decision 7)."""
        return self.analysis is not None


def run(*, site: Site, image: bytes, by: Actor, request: Request) -> Decision:
    """Analyse one picture for a site and return the recorded decision.

    Raises for the picture (413, 415, 422 by its header), a site that was never deployed or is switched off (409), and
    the quota (429). A server that fails raises nothing: the decision is then `flagged`.
    """
    header = checked(image)
    version, server = deployed(site)
    reservation = usage.reserve(
        organization=site.organization, key=uuid4().hex, site=site.pk, user=request.person,
        metadata={"request_id": current_request_id()},
    )  # fmt: skip
    outcome = assessed(site, server, version, image, request)
    return recorded(site, server, version, image, header, outcome, request, reservation, by)


def checked(image: bytes) -> PictureHeader:
    try:
        return pictures.read_header(image)
    except PictureError as error:
        raise ERRORS[error.status](error.message, code=error.code) from error


def deployed(site: Site) -> tuple[ConfigurationVersion, Server]:
    if not site.is_active:
        raise ConflictError("The site is switched off.", code="SITE_INACTIVE")
    if site.deployed_version is None or site.server is None:
        raise ConflictError("The site was never deployed. Deploy it first.", code="SITE_NOT_DEPLOYED")
    return site.deployed_version, site.server


def assessed(
    site: Site, server: Server, version: ConfigurationVersion, image: bytes, request: Request
) -> Outcome:
    """Call the server and decide by the version that was deployed; the stricter of its verdict and ours stands."""
    try:
        client = clients.connect(adapter=server.adapter, url=server.url, api_key=server.api_key)
        analysis = client.analyze(
            site=site.pk, image=image, context_type=request.context_type, usage_intent=request.usage_intent
        )
        if analysis.image_hash != hashlib.sha256(image).hexdigest():
            raise ServerError("OTHER_PICTURE", "The moderation server answered about another picture.")
        return Outcome(decide(version, analysis, request), analysis)
    except ServerError as error:
        logger.warning("analysis_failed_closed", site=str(site.pk), server=str(server.pk), code=error.code)
        return Outcome(
            rules.flagged_for(error.code, f"{error.message} The picture is held for a person."), None
        )
    except Exception:
        logger.exception("analysis_failed_closed", site=str(site.pk), server=str(server.pk))
        message = "The picture could not be assessed, through a fault of ours. It is held for a person."
        return Outcome(rules.flagged_for("ANALYSIS_FAILED", message), None)


def decide(version: ConfigurationVersion, analysis: Analysis, request: Request) -> Verdict:
    verdict = rules.decide(
        analysis.detections,
        parse_profile(version.payload),
        context_type=request.context_type or None,
        usage_intent=request.usage_intent or None,
        caption=analysis.caption,
        children_detected=analysis.children_detected,
        caption_expected=analysis.is_caption_expected,
    )
    return rules.stricter(verdict, analysis.decision)


def recorded(  # noqa: PLR0913 -- everything that a decision's record says
    site: Site,
    server: Server,
    version: ConfigurationVersion,
    image: bytes,
    header: PictureHeader,
    outcome: Outcome,
    request: Request,
    reservation: Reservation,
    by: Actor,
) -> Decision:
    """One transaction: settle the reservation and write the decision."""
    with transaction.atomic():
        if outcome.analysis is not None:
            usage.finish(reservation, response_time_ms=outcome.analysis.response_time_ms)
        else:
            usage.void(reservation, reason=outcome.verdict.reasons[0].code)
        decision = Decision.objects.create(
            organization_id=site.organization_id,
            site_id=site.pk,
            site_identifier=site.site_identifier,
            created_at=timezone.now(),
            image_hash=hashlib.sha256(image).hexdigest(),
            image_width=header.width,
            image_height=header.height,
            context_type=request.context_type[:40],
            external_id=request.external_id[:200],
            mode=request.mode,
            config_version=version.number,
            rules_version=str(rules.RULES_VERSION),
            server_id=server.pk,
            server_name=server.name,
            created_by=by.label,
            request_id=current_request_id(),
            **columns_of_verdict(outcome),
            **columns_of_analysis(outcome.analysis),
        )
        if outcome.analysis is not None and outcome.analysis.is_caption_expected:
            captions.request(decision=decision, server=server, batch_id=outcome.analysis.batch_id)
    return decision


def columns_of_verdict(outcome: Outcome) -> dict[str, Any]:
    """A picture that nobody could assess has no scores: none, not 0."""
    verdict = outcome.verdict
    values = verdict.payload()
    scores = ("nudity_score", "child_risk", "final_risk_score", "threshold")
    return {
        "decision": verdict.decision,
        "reasons": values["reasons"],
        "is_escalated": verdict.escalated,
        "is_preserve": verdict.preserve,
        "risk_level": verdict.risk_level,
        "usage_intent": verdict.usage_intent[:40],
        "scored": values["scored"],
        "child_safety": verdict.child_safety,
        "stages_done": values["stages_done"],
        "stages_missing": values["stages_missing"],
        **{name: values[name] if outcome.is_metered else None for name in scores},
    }


def columns_of_analysis(analysis: Analysis | None) -> dict[str, Any]:
    if analysis is None:
        return {"labels": [], "server_answer": {}}
    return {
        "labels": [detection.payload() for detection in analysis.detections],
        "caption": analysis.caption or "",
        "perceptual_hash": analysis.perceptual_hash,
        "model_digest": analysis.model_digest,
        "server_answer": dict(analysis.figures),
        "response_time_ms": analysis.response_time_ms,
    }


def current_request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
