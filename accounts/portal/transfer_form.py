from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership


class TransferForm(forms.Form):
    """Who is to own the organisation, confirmed by typing its name."""

    member = forms.ChoiceField(
        label=_("New owner"),
        error_messages={"required": _("Choose who is to own the organisation.")},
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    typed = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, members: Sequence[Membership], name: str) -> None:
        super().__init__(data)
        self.name = name
        self.members = {str(member.person_id): member for member in members}
        field = self.fields["member"]
        if isinstance(field, forms.ChoiceField):
            names = [(pk, member.person.get_full_name()) for pk, member in self.members.items()]
            field.choices = [("", _("Choose a member")), *names]
        self.fields["typed"].label = gettext("Type %(name)s to confirm") % {"name": name}

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.name.strip():
            raise forms.ValidationError(gettext("This is not the organisation's name."))
        return typed

    @property
    def chosen(self) -> Membership:
        return self.members[self.cleaned_data["member"]]
