"""Settings that an organisation's plan lacks: only shown, and free to go back to the template's."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from billing.selectors import access
from moderation.domain.paths import leaves
from moderation.domain.plan_features import FEATURES, feature_of
from moderation.models import Site
from moderation.portal.settings_form import WITHOUT_FIELD
from moderation.services import plan_features

BACK = "back_to_template"  # checkboxes: the features whose own values are given up


@dataclass(frozen=True)
class Closed:
    """A feature that the plan lacks: the plan that has it, and whether the site has values from before."""

    feature: str
    plan: str
    has_own: bool


def closed_of(site: Site) -> dict[str, Closed]:
    """By feature."""
    lacking = access.lacking(site.organization, FEATURES)
    own = {each.feature for each in plan_features.own_values(site)} if lacking else set()
    return {feature: Closed(feature, plan, feature in own) for feature, plan in lacking.items()}


def kept_of(posted: QueryDict, site: Site) -> dict[str, Any]:
    """The site's own values, by dotted path, that stay where a form without their fields is saved: of what
    the plan may lack, and what has no field in any plan.
    """
    given_up = posted.getlist(BACK)
    return {
        path: value
        for path, value in leaves(site.documents)
        if path in WITHOUT_FIELD or ((feature := feature_of(path)) and feature not in given_up)
    }
