"""Filters that refuse what they cannot understand."""

import pytest

from accounts.models import Person
from musenest.common.api.filters import BooleanFilter, FilterSet


class ActiveFilter(FilterSet):
    is_active = BooleanFilter()


@pytest.mark.parametrize(
    ("said", "means"),
    [("true", True), ("True", True), ("1", True), ("false", False), ("0", False), ("", None)],
)
def test_yes_and_no_are_understood(said: str, means: bool | None) -> None:
    found = ActiveFilter({"is_active": said}, queryset=Person.objects.all())

    assert found.is_valid()
    assert found.form.cleaned_data == {"is_active": means}


@pytest.mark.parametrize("said", ["perhaps", "2", "yes", "null", "\0"])
def test_other_words_are_refused(said: str) -> None:
    found = ActiveFilter({"is_active": said}, queryset=Person.objects.all())

    assert found.errors == {"is_active": ["Say true or false."]}
