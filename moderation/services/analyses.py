"""Analysing a picture: refuse → reserve quota → call the server → decide → record. The picture is never kept.

No error becomes an approval: what cannot be assessed is flagged with its reason, and is not metered.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.utils import timezone

from billing.models import LIVE
from billing.services import usage
from billing.services.usage import Reservation
from moderation import clients
from moderation.clients import Analysis, PictureUnreadableError, ServerError
from moderation.domain import decisions as rules
from moderation.domain import pictures
from moderation.domain.decisions import Reason, Verdict
from moderation.domain.pictures import PictureError, PictureHeader
from moderation.domain.profiles import parse_profile
from moderation.models import ConfigurationVersion, Decision, Server, Site
from moderation.selectors import deployments
from moderation.services import captions
from musenest.common.actors import Actor
from musenest.common.errors import ConflictError, InvalidError, MuseNestError, TooLargeError, UnsupportedError

logger = structlog.get_logger(__name__)

OTHER_REVISION = "OTHER_REVISION"
ERRORS: dict[int, type[MuseNestError]] = {413: TooLargeError, 415: UnsupportedError, 422: InvalidError}


@dataclass(frozen=True)
class Request:
    """What a caller says about a picture beside the picture itself."""

    usage_intent: str = ""
    context_type: str = ""
    external_id: str = ""
    person: UUID | None = None
    mode: str = LIVE


@dataclass(frozen=True)
class Job:
    """One picture on its way: what it is, for which site, and by which version on which server it is
    decided.
    """

    site: Site
    version: ConfigurationVersion
    server: Server
    image: bytes
    header: PictureHeader
    request: Request

    @cached_property
    def image_hash(self) -> str:
        return hashlib.sha256(self.image).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What came of the call: a verdict, and the server's answer where there was a usable one."""

    verdict: Verdict
    analysis: Analysis | None

    @property
    def is_metered(self) -> bool:
        """An answer that failed through our fault does not count (decision 7)."""
        return self.analysis is not None and self.verdict.reasons[0].code != OTHER_REVISION


def run(*, site: Site, image: bytes, by: Actor, request: Request) -> Decision:
    """Analyse one picture for a site and return the recorded decision.

    Raises for the picture (413, 415, 422: by its header, or when its data cannot be decoded), a site that
    was never deployed or is switched off (409), and the quota (429). A server that fails raises nothing:
    the decision is then `flagged`.
    """
    if request.mode != LIVE:
        raise ValueError("Pictures of the test mode are not analysed: rehearsals.run answers them.")
    header = checked(image)
    job = Job(site, *deployed(site), image, header, request)
    reservation = usage.reserve(
        organization=site.organization,
        key=uuid4().hex,
        site=site.pk,
        user=request.person,
        metadata={"request_id": current_request_id()},
    )
    try:
        outcome = assessed(job)
    except PictureUnreadableError as error:
        usage.void(reservation, reason=error.code)
        raise InvalidError(error.message, code=error.code) from error
    return recorded(job, outcome, reservation, by)


def checked(image: bytes) -> PictureHeader:
    try:
        return pictures.read_header(image)
    except PictureError as error:
        raise ERRORS[error.status](error.message, code=error.code) from error


def deployed(site: Site) -> tuple[ConfigurationVersion, Server]:
    """The version that decides, and the server that has it."""
    require_active(site)
    if site.deployed_version is None or site.deployed_server is None:
        raise ConflictError("The site was never deployed. Deploy it first.", code="SITE_NOT_DEPLOYED")
    return site.deployed_version, site.deployed_server


def require_active(site: Site) -> None:
    if not site.is_active:
        raise ConflictError("The site is switched off.", code="SITE_INACTIVE")


def assessed(job: Job) -> Outcome:
    """Call the server and decide by the version that was deployed; whatever fails is flagged.

    Raises PictureUnreadableError for a picture that cannot be decoded.
    """
    try:
        analysis = analyzed(job)
        return Outcome(decide(job, analysis), analysis)
    except PictureUnreadableError:
        raise
    except ServerError as error:
        logger.warning("analysis_failed_closed", site=str(job.site.pk), code=error.code)
        message = f"{error.message} The picture is held for a person."
        return Outcome(rules.flagged_for(error.code, message), None)
    except Exception:
        logger.exception("analysis_failed_closed", site=str(job.site.pk))
        message = "The picture could not be assessed, through a fault of ours. It is held for a person."
        return Outcome(rules.flagged_for("ANALYSIS_FAILED", message), None)


def analyzed(job: Job) -> Analysis:
    """The server's answer about this very picture. Raises ServerError for anything else."""
    client = clients.connect(adapter=job.server.adapter, url=job.server.url, api_key=job.server.api_key)
    analysis = client.analyze(
        site=job.site.pk,
        image=job.image,
        context_type=job.request.context_type,
        usage_intent=job.request.usage_intent,
    )
    if analysis.image_hash != job.image_hash:
        raise ServerError("OTHER_PICTURE", "The moderation server answered about another picture.")
    return analysis


def decide(job: Job, analysis: Analysis) -> Verdict:
    """Our verdict, or the server's where that is stricter; held where it decided by another configuration."""
    verdict = rules.decide(
        analysis.detections,
        parse_profile(job.version.payload),
        context_type=job.request.context_type or None,
        usage_intent=job.request.usage_intent or None,
        caption=analysis.caption,
        children_detected=analysis.children_detected,
        caption_expected=analysis.is_caption_expected,
    )
    stricter = rules.stricter(verdict, analysis.decision)
    return stricter if is_expected(job, analysis) else rules.held(stricter, other_revision(job, analysis))


def is_expected(job: Job, analysis: Analysis) -> bool:
    """Whether the server decided by the configuration in force, or by a newer one that is on its way there.

    A newer one of the site's own deployments is what its customer asked for, and the stricter of both
    stands. An older one, none, or one that nobody sent means a server that lost its configurations or takes
    them from somebody else.
    """
    revision = analysis.config_revision
    if revision is None:
        return False
    return revision == job.site.deployed_revision or deployments.is_newer_of(job.site, revision)


def other_revision(job: Job, analysis: Analysis) -> Reason:
    return Reason(
        OTHER_REVISION,
        "The moderation server decided by another configuration of this site than the one in force. "
        "The picture is held for a person.",
        {"revision": analysis.config_revision, "deployed_revision": job.site.deployed_revision},
    )


def recorded(job: Job, outcome: Outcome, reservation: Reservation, by: Actor) -> Decision:
    """One transaction: settle the reservation, write the decision, ask for the caption that is still
    to come.
    """
    analysis = outcome.analysis
    with transaction.atomic():
        if analysis is not None and outcome.is_metered:
            usage.finish(reservation, response_time_ms=analysis.response_time_ms)
        else:
            usage.void(reservation, reason=outcome.verdict.reasons[0].code)
        decision = Decision.objects.create(
            **columns_of_sender(by),
            **columns_of_job(job),
            # A picture that nobody could assess has no scores: none, not 0.
            **columns_of_verdict(outcome.verdict, has_scores=analysis is not None),
            **columns_of_analysis(analysis),
        )
        if analysis is not None and analysis.is_caption_expected:
            captions.request(decision=decision, server=job.server, batch_id=analysis.batch_id)
    return decision


def columns_of_sender(by: Actor) -> dict[str, Any]:
    return {"created_by": by.label, "api_key_id": UUID(by.id) if by.kind == "api_key" else None}


def columns_of_job(job: Job) -> dict[str, Any]:
    return {
        **columns_of_picture(job.site, job.image_hash, job.header, job.request),
        "config_version": job.version.number,
        "rules_version": str(rules.RULES_VERSION),
        "server_id": job.server.pk,
        "server_name": job.server.name,
    }


def columns_of_picture(
    site: Site, image_hash: str, header: PictureHeader, request: Request
) -> dict[str, Any]:
    return {
        "organization_id": site.organization_id,
        "site_id": site.pk,
        "site_identifier": site.site_identifier,
        "created_at": timezone.now(),
        "image_hash": image_hash,
        "image_width": header.width,
        "image_height": header.height,
        "context_type": request.context_type[:40],
        "external_id": request.external_id[:200],
        "mode": request.mode,
        "request_id": current_request_id(),
    }


def columns_of_verdict(verdict: Verdict, *, has_scores: bool) -> dict[str, Any]:
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
        **{name: values[name] if has_scores else None for name in scores},
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
