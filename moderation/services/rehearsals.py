"""Analyses of the test mode: a fixed answer by the picture's hash. No server is called, no quota is touched,
and the rows are marked, so that they count in no figure.
"""

import hashlib
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from billing.domain.usage_types import ANALYSIS
from billing.models import TEST
from billing.selectors import subscriptions
from billing.services import usage
from moderation.domain import fixed_answers
from moderation.domain.fixed_answers import Fixed
from moderation.models import Decision, Site
from moderation.services import analyses
from moderation.services.analyses import Request
from musenest.common.actors import Actor
from musenest.common.errors import InvalidError, UnavailableError

SECONDS_TO_RETRY = 5
RULES = "test"  # as the version of the rules that decided


def run(*, site: Site, image: bytes, by: Actor, request: Request) -> Decision:
    """Record the fixed decision about a picture and return it.

    Refuses what a live analysis refuses (413, 415, 422 by the header; 409 for a site that is switched off),
    and the pictures that stand for a refusal: 422, 429, 503. The site need not be deployed.
    """
    header = analyses.checked(image)
    analyses.require_active(site)
    image_hash = hashlib.sha256(image).hexdigest()
    outcome = fixed_answers.outcome_of(image_hash)
    refuse(outcome, site)
    with transaction.atomic():
        usage.record(
            organization=site.organization,
            usage_type=ANALYSIS,
            site=site.pk,
            user=request.person,
            metadata={"request_id": analyses.current_request_id()},
            mode=TEST,
        )
        return Decision.objects.create(
            rules_version=RULES,
            config_version=site.deployed_version.number if site.deployed_version else 0,
            server_name="",
            **analyses.columns_of_sender(by),
            **analyses.columns_of_picture(site, image_hash, header, replace(request, mode=TEST)),
            **columns_of(outcome, request),
        )


def refuse(outcome: Fixed, site: Site) -> None:
    """Raise what the picture stands for, if it stands for a refusal."""
    if outcome == Fixed.UNREADABLE:
        raise InvalidError("The picture cannot be read: its data is damaged.", code="IMAGE_UNREADABLE")
    if outcome == Fixed.OVER_THE_QUOTA:
        raise usage.limit_reached(subscriptions.tier_of(site.organization), timezone.now())
    if outcome == Fixed.UNAVAILABLE:
        raise UnavailableError("The database does not answer. Try again.", retry_after=SECONDS_TO_RETRY)


def columns_of(outcome: Fixed, request: Request) -> dict[str, Any]:
    verdict = replace(fixed_answers.verdict_of(outcome), usage_intent=request.usage_intent)
    labels = [detection.payload() for detection in fixed_answers.detections_of(outcome)]
    has_scores = outcome != Fixed.UNASSESSED
    return {**analyses.columns_of_verdict(verdict, has_scores=has_scores), "labels": labels}
