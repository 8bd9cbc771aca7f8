"""The base of all filters, and what django-filter has no strict form of."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

WORDS = {"true": True, "1": True, "false": False, "0": False}


class YesOrNoField(forms.NullBooleanField):
    """Other words are refused: Django's own takes them for no answer, and the filter would do nothing."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:  # type: ignore[override]  # None: not asked
        if not value:
            return None
        if str(value).lower() not in WORDS:
            raise ValidationError("Say true or false.", code="invalid")
        return WORDS[str(value).lower()]


class BooleanFilter(django_filters.BooleanFilter):  # type: ignore[misc]  # django-filter carries no types
    field_class = YesOrNoField


class FilterSet(django_filters.FilterSet):  # type: ignore[misc]  # django-filter carries no types
    """django-filter's own; each list's is made of it."""
