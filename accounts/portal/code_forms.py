"""The forms for a second factor: an authenticator app's code, a recovery code, a passkey."""

from typing import Any, ClassVar

from allauth.core import context as current
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.services import sign_ins


def code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits of your authenticator app, or one of your recovery codes."),
        widget=forms.TextInput(
            attrs={
                "class": "form-control code-input",
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
            }
        ),
    )


class CodeMixin:
    is_again: ClassVar[bool] = False
    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Any

    def clean_code(self) -> str:
        """Raises LimitError after too many tries."""
        code = "".join(self.cleaned_data["code"].split())
        found = sign_ins.by_code(request=current.request, person=self.user, code=code, is_again=self.is_again)
        if found is None:
            raise forms.ValidationError(_("This code is wrong or was used before. Wait for the next one."))
        found.user = self.user
        self.authenticator = found
        return code


class SecondFactorForm(CodeMixin, AuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    code = code_field()


class StepUpCodeForm(CodeMixin, ReauthenticateForm):  # type: ignore[misc]  # allauth carries no types
    is_again = True
    code = code_field()


class PasskeyMixin:
    def clean_credential(self) -> Any:
        """Allauth lets through as an error of ours what lacks a part of a credential."""
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the form beside it
        except (KeyError, AttributeError) as error:
            raise forms.ValidationError(_("This passkey could not be read. Try again.")) from error


class PasskeySignInForm(PasskeyMixin, LoginWebAuthnForm):  # type: ignore[misc]  # allauth carries no types
    pass


class StepUpPasskeyForm(PasskeyMixin, ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth: untyped
    pass
