"""Changing industry templates: every change is a new version, and makes sites outdated without deploying
anything.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.services import audit
from moderation.domain.errors import ConfigurationError
from moderation.domain.schemas import parse_complete
from moderation.models import Site, SiteStatus, Template, TemplateVersion
from moderation.selectors.configurations import as_invalid
from musenest.common import tenancy
from musenest.common.actors import Actor


def save_version(
    *, template: Template, documents: Mapping[str, Any], rationale: Mapping[str, str], by: Actor
) -> TemplateVersion:
    """Add a version, mark the deployed sites of the template outdated, and record it."""
    try:
        parsed = parse_complete(documents).as_dict()
    except ConfigurationError as error:
        raise as_invalid(error) from error
    with tenancy.staff(), transaction.atomic():
        locked = Template.objects.select_for_update().get(pk=template.pk)
        newest = locked.versions.order_by("-number").first()
        version = TemplateVersion.objects.create(
            template=locked,
            number=newest.number + 1 if newest else 1,
            documents=parsed,
            rationale=dict(rationale),
            created_by=by.label,
        )
        Site.objects.filter(industry_template=locked, deployment_status=SiteStatus.DEPLOYED).update(
            deployment_status=SiteStatus.OUTDATED
        )
        audit.record(
            "template.saved", by=by, target=locked, organization=None, changes={"version": version.number}
        )
    return version
