from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext, gettext_lazy

from moderation.models import Site, Template
from musenest.common.errors import MuseNestError
from musenest.common.sentences import say

LONGEST = 100


class NewSiteForm(forms.Form):
    """A site's name, identifier and template; what the service refuses is shown at its field."""

    site_name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("What your colleagues call it."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    site_identifier = forms.CharField(
        label=gettext_lazy("Identifier"),
        max_length=LONGEST,
        required=False,  # it follows the name
        help_text=gettext_lazy(
            "Letters, digits, dots and hyphens; a domain is a good choice. Programs use it. "
            "Left empty, it follows the name."
        ),
        validators=Site._meta.get_field("site_identifier").validators,
        widget=forms.TextInput(
            attrs={
                "class": "form-control",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    industry_template = forms.ChoiceField(
        label=gettext_lazy("Template"),
        error_messages={"required": gettext_lazy("Choose a template.")},
    )

    def __init__(self, data: Any, *, templates: Sequence[Template]) -> None:
        super().__init__(data)
        self.templates = templates
        field = self.fields["industry_template"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(template.name, template.display_name) for template in templates]

    def clean_site_identifier(self) -> str:
        """What was typed, else what the name makes. The name was cleaned before: it stands first."""
        typed = str(self.cleaned_data["site_identifier"])
        found = (
            typed or slugify(self.cleaned_data.get("site_name", "")).strip("-_").replace("_", "-")[:LONGEST]
        )
        if not found and "site_name" in self.cleaned_data:
            raise ValidationError(gettext("Type one: the name has no letters that an identifier may have."))
        return found

    @property
    def chosen(self) -> str:
        return str(self.data.get("industry_template", ""))

    def add_service_error(self, error: MuseNestError) -> None:
        errors = error.details.get("errors") or [{"path": "", "message": error.said}]
        if error.code == "SITE_IDENTIFIER_TAKEN":
            errors = [{"path": "site_identifier", "message": error.said}]
        for item in errors:
            self.add_error(item["path"] if item["path"] in self.fields else None, say(item["message"]))
