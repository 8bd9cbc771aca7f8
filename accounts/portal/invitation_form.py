"""The form that invites people."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role

MOST_AT_ONCE = 20
LONGEST = 255
SEPARATORS = re.compile(r"[\s,;]+")


class AddressesField(forms.CharField):
    """E-mail addresses between spaces, commas, semicolons or lines, as a list without repetitions."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return list(dict.fromkeys(word.lower() for word in SEPARATORS.split(text or "") if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > MOST_AT_ONCE:
            raise ValidationError(_("Invite at most %(most)s people at once.") % {"most": MOST_AT_ONCE})
        wrong = [address for address in value if not is_address(address)]
        if wrong:
            shown = ", ".join(address[:60] for address in wrong[:3])
            raise ValidationError(_("Not an e-mail address: %(addresses)s") % {"addresses": shown})

    def run_validators(self, value: Any) -> None:
        """The validators of a text are not those of a list; `validate` looked at every address."""


def is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST and "\0" not in text


class InvitationForm(forms.Form):
    addresses = AddressesField(
        label=gettext_lazy("E-mail addresses"),
        help_text=gettext_lazy("One or several, on lines of their own or with commas between them."),
        widget=forms.Textarea(
            attrs={"class": "form-control", "rows": 2, "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        initial=Role.MEMBER,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any, *, roles: Sequence[tuple[str, str]]) -> None:
        """`roles` are those that whoever asks may give."""
        super().__init__(data)
        field = self.fields["role"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(roles)
