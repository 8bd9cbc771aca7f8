"""One figure of a site's settings as a slider: its value, its template's, whether it is the site's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from musenest.common.sentences import say


@dataclass(frozen=True)
class Slider:
    name: str  # the dotted path, and the field's name in the form
    label: str
    value: Any
    template_value: Any
    least: float
    most: float
    step: float
    help: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        return field_id(self.name)

    @property
    def is_own(self) -> bool:
        return bool(self.value != self.template_value)

    @property
    def is_percent(self) -> bool:
        return self.most == MOST_PERCENT


MOST_PERCENT = 100


def field_id(path: str) -> str:
    return f"field-{path.replace('.', '-').lower()}"


def is_number(value: Any) -> bool:
    """Whether a slider can show it; what was posted may be anything."""
    return isinstance(value, int | float) and isfinite(value)


@dataclass(frozen=True)
class Figures:
    """What sliders are drawn from, all by dotted path: values now, the template's, its reasons, errors."""

    values: Mapping[str, Any]
    template: Mapping[str, Any]
    rationale: Mapping[str, str]
    errors: Mapping[str, str]

    def slider(self, path: str, label: str, *, most: float, step: float, fallback: float = 0) -> Slider:
        template_value = self.template.get(path, fallback)
        value = self.values.get(path, template_value)
        return Slider(
            name=path,
            label=label,
            value=value if is_number(value) else template_value,
            template_value=template_value,
            least=0,
            most=most,
            step=step,
            help=say(self.rationale.get(path, "")),
            error=self.errors.get(path, ""),
        )
