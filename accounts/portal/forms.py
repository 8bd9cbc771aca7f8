"""The forms of signing in and registering, on allauth's."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    SignupForm,
)
from allauth.core import context as current
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.portal.code_forms import CodeMixin
from accounts.portal.sessions import person_of
from accounts.selectors import invitations, people
from accounts.services import email_addresses

PASSWORD_LENGTH = 1024
ASKED_FOR = "address_asked_for"


# allauth's fields in our words, with what a browser should fill in.
FIELDS = {
    "oldpassword": (_("Current password"), "current-password"),
    "password": (_("Password"), "current-password"),
    "password1": (_("New password"), "new-password"),
    "password2": (_("New password again"), "new-password"),
    "email": (_("E-mail address"), "email"),
    "name": (_("Name"), "off"),
    "code": (_("Code"), "one-time-code"),
    "passwordless": (_("Sign in with it alone, without the password"), "off"),
}


def dress(form: forms.BaseForm) -> None:
    """Give every field of a form of allauth's our look and our words."""
    for name, field in form.fields.items():
        attributes = field.widget.attrs
        attributes.pop("placeholder", None)
        is_tick = isinstance(field.widget, forms.CheckboxInput)
        attributes.setdefault("class", "form-check-input" if is_tick else "form-control")
        if name in FIELDS and not isinstance(form, OUR_OWN):
            field.label, attributes["autocomplete"] = FIELDS[name]
            field.help_text = ""


def following(request: HttpRequest) -> str:
    """The page that was asked for before this one."""
    return request.POST.get("next") or request.GET.get("next", "")


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth carries no types
    """E-mail address and password. Whether they fit together is not the form's to know."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(label=_("E-mail address"), max_length=255)
        self.fields["password"] = forms.CharField(
            label=_("Password"), max_length=PASSWORD_LENGTH, strip=False, widget=forms.PasswordInput()
        )
        self.order_fields(["login", "password"])
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn", "autofocus": True}
        self.fields["password"].widget.attrs["autocomplete"] = "current-password"

    def add_prefix(self, field_name: str) -> str:
        """In HTML and in what is posted the address is called `email`."""
        return str(super().add_prefix("email" if field_name == "login" else field_name))


class RegistrationForm(SignupForm):  # type: ignore[misc]  # allauth carries no types
    """Who registers gets an organisation: under its name, or under theirs. Who was invited gets none, and
    registers with the address that was invited.
    """

    organization = forms.CharField(
        label=_("Organisation"),
        max_length=120,
        required=False,
        help_text=_("Empty: it is named after you. You can change it later."),
    )
    field_order = ["email", "password1", "organization"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = forms.EmailField(label=_("E-mail address"), max_length=255)
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = _("At least 8 characters, and not one that many people use.")
        self.fields["email"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        self.fields["password1"].widget.attrs["autocomplete"] = "new-password"
        self.fields["organization"].widget.attrs["autocomplete"] = "organization"
        self.invitation = invitations.led_from(following(current.request))
        if self.invitation:
            self.initial["email"] = self.invitation.email
            self.fields["email"].disabled = True
            del self.fields["organization"]

    def validate_unique_email(self, value: str) -> str:
        """Taken is what somebody signs in with: who merely asked for an address keeps nobody from it."""
        if email_addresses.is_of_another(person_id=None, email=value):
            return str(super().validate_unique_email(value))
        return value.lower()


class ChangeAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth carries no types
    def clean_email(self) -> str:
        """Only one's own address is refused: of others nothing is told, nor of one asked for before."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise get_adapter().validation_error("duplicate_email")
        return email

    def save(self, request: HttpRequest) -> Any:
        email = self.cleaned_data["email"]
        request.session[ASKED_FOR] = email  # the page shows it from here: of another's there is no row
        return email_addresses.change(request=request, person=person_of(request), email=email)


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth carries no types
    def clean_oldpassword(self) -> str:
        """Raises LimitError after too many tries."""
        password = str(self.cleaned_data["oldpassword"])
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth carries no types
    """A link is for who signs in with the address, and for nobody who merely asked for it."""

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        self.users = people.active_with(email)
        return email


OUR_OWN = (SignInForm, RegistrationForm, CodeMixin)
