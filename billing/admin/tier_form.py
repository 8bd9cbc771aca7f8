"""The tier editor's form: features as checkboxes, each limit as a field of its kind, from the catalogue of
`billing.domain.offers`.
"""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldBooleanSwitchWidget,
)

from billing.domain import offers
from billing.domain.offers import AI_LIMITS, FEATURES, Feature, Limit
from billing.models import Tier
from musenest.common.admin import ServiceForm

PREFIX = "limit_"
LIMIT_FIELDS = tuple(f"{PREFIX}{name}" for name in AI_LIMITS)


def described(offer: Feature | Limit) -> str:
    return offer.description if offer.is_built else f"{offer.description} Coming: nothing does it yet."


def field_of(limit: Limit) -> forms.Field:
    unlimited = " -1 is unlimited." if limit.may_be_unlimited else ""
    if limit.is_switch:
        return forms.BooleanField(
            label=limit.label,
            help_text=described(limit),
            required=False,
            widget=UnfoldBooleanSwitchWidget(),
        )
    return forms.IntegerField(
        label=limit.label,
        help_text=f"{described(limit)}{unlimited}",
        widget=UnfoldAdminIntegerFieldWidget(),
        validators=[checked_by(limit)],
    )


def checked_by(limit: Limit) -> Any:
    def check(value: int) -> None:
        problem = limit.problem(value)
        if problem:
            raise forms.ValidationError(problem)

    return check


LimitsForm: Any = type(
    "LimitsForm", (ServiceForm,), {f"{PREFIX}{name}": field_of(limit) for name, limit in AI_LIMITS.items()}
)


class TierForm(LimitsForm):  # type: ignore[misc]  # its fields are the catalogue's
    features = forms.MultipleChoiceField(
        choices=[(feature.name, f"{feature.label}: {described(feature)}") for feature in FEATURES],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, limit in AI_LIMITS.items():
            self.initial[f"{PREFIX}{name}"] = self.instance.ai_limits.get(name, limit.default)

    def clean_features(self) -> list[str]:
        """In the catalogue's order, so that the order of clicks is no change."""
        return [feature.name for feature in offers.features_of(self.cleaned_data["features"])]

    def figures(self) -> dict[str, Any]:
        """What the service saves."""
        told = {name: value for name, value in self.cleaned_data.items() if name in Tier.FIGURES}
        limits = {name: self.cleaned_data[f"{PREFIX}{name}"] for name in AI_LIMITS}
        return told | {"ai_limits": limits}
