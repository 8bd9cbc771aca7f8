"""The form of a new API key."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import KeyMode
from accounts.portal import words

LIVES = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year")), ("", _("It does not expire"))]
MODES = [
    (KeyMode.LIVE.value, _("Live: real decisions, metered")),
    (KeyMode.TEST.value, _("Test: fixed answers, no server is asked and nothing is metered")),
]


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Which program uses it, for example: uploads of the shop."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    mode = forms.ChoiceField(
        label=_("Mode"),
        choices=MODES,
        initial=KeyMode.LIVE,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        initial=["analyze"],
        error_messages={"required": _("Choose at least one thing that the key may do.")},
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    lives = forms.ChoiceField(
        label=_("Expires after"),
        choices=LIVES,
        initial="365",
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any, *, scopes: Sequence[str]) -> None:
        """`scopes` are those that whoever asks may give."""
        super().__init__(data)
        field = self.fields["scopes"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(scope, words.SCOPES.get(scope, scope)) for scope in scopes]

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lives"]
        return timezone.now() + timedelta(days=int(days)) if days else None
