"""The forms of the settings: the organisation, a new one, the person's profile."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization

REGIONS = {
    "eu": _("European Union"),
    "us": _("United States"),
    "uk": _("United Kingdom"),
    "ap": _("Asia-Pacific"),
}
CONTROL = {"class": "form-control"}
SELECT = {"class": "form-select"}
# The names that people know; the others are old spellings and offsets.
AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


def text(**more: str) -> forms.TextInput:
    return forms.TextInput(attrs={**CONTROL, **more})


class NewOrganizationForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("What your colleagues see. It can be changed later; the address of its pages stays."),
        widget=text(autocomplete="organization"),
    )
    region = forms.ChoiceField(
        label=_("Region"), choices=list(REGIONS.items()), widget=forms.Select(attrs=SELECT)
    )


class OrganizationForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=text(autocomplete="organization"))
    email = forms.EmailField(
        label=_("E-mail address for bills and notices"),
        max_length=255,
        widget=forms.EmailInput(attrs={**CONTROL, "autocomplete": "email"}),
    )
    region = forms.ChoiceField(
        label=_("Region"),
        help_text=_(
            "Where your data is to be processed. Changing it here moves nothing by itself: ask us to."
        ),
        widget=forms.Select(attrs=SELECT),
    )
    jurisdiction = forms.CharField(
        label=_("Jurisdiction"),
        required=False,
        max_length=64,
        help_text=_("Whose law the organisation works under, for example: Germany."),
        widget=text(),
    )
    contact = forms.CharField(
        label=_("Privacy contact"),
        required=False,
        max_length=200,
        help_text=_(
            "Whom people and authorities ask about personal data. You are its controller, we its processor."
        ),
        widget=text(),
    )

    def __init__(self, data: Any, *, organization: Organization) -> None:
        initial = {name: getattr(organization, name) for name in self.base_fields}
        super().__init__(data, initial=initial)
        field = self.fields["region"]
        if isinstance(field, forms.ChoiceField):
            # One that staff gave and that is no choice here stays.
            field.choices = list(({organization.region: organization.region} | REGIONS).items())


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        help_text=_("What your colleagues see beside your e-mail address."),
        widget=text(autocomplete="name"),
    )
    locale = forms.ChoiceField(label=_("Language"), widget=forms.Select(attrs=SELECT))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The days of filters begin and end in it. Bills and quotas count in UTC."),
        widget=forms.Select(attrs=SELECT),
    )

    def __init__(self, data: Any, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        for name, choices in (("locale", settings.LANGUAGES), ("time_zone", zones(initial["time_zone"]))):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(choices)


def zones(current: str) -> list[tuple[str, str]]:
    names = {name for name in available_timezones() if name.startswith(AREAS)} | {"UTC", current}
    return [(name, name.replace("_", " ")) for name in sorted(names)]
