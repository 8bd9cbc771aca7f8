"""What a site may say for itself in its organisation's plan."""

from collections.abc import Iterable

from django.utils.translation import gettext_noop

from moderation.domain import plan_features
from moderation.domain.errors import ConfigurationError
from moderation.domain.plan_features import OwnValue
from moderation.models import Site
from musenest.common import entitlements
from musenest.common.errors import DeniedError

LACKING = "FEATURE_NOT_IN_PLAN"
NOT_IN_PLAN = gettext_noop("This is not in your plan. The template's value counts.")


def own_values(site: Site) -> frozenset[OwnValue]:
    """What the site says now that needs a feature."""
    try:
        return plan_features.own_values(site.industry_template.latest.documents, site.documents)
    except ConfigurationError:  # saving says so; until then nothing counts as said before
        return frozenset()


def require(site: Site, before: Iterable[OwnValue] = ()) -> None:
    """Return when the plan has every feature that the site says something new with; `before` is what it said
    until now, which stays allowed when the plan gets smaller.

    Raises DeniedError `FEATURE_NOT_IN_PLAN` whose details name the feature, the cheapest tier that has it and
    in `errors` every path.
    """
    for feature, paths in plan_features.added(before, own_values(site)).items():
        try:
            entitlements.require(site.organization, feature)
        except DeniedError as error:
            if error.code != LACKING:  # the subscription gives nothing at all
                raise
            error.details["errors"] = [
                {"path": path, "code": error.code, "message": NOT_IN_PLAN} for path in paths
            ]
            raise
