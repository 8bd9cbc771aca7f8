"""What allauth asks us for: it owns the forms and their order, our services do what they stand for."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.portal import mail
from accounts.services import devices, email_addresses, passwords, people, sessions, sign_ins
from musenest.common import addresses, step_up

UNKNOWN_ADDRESS = "::"  # over a socket; the list of sessions wants one


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    # In the words of the API and of our other pages.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail address or password is wrong."),
        "email_taken": _("This address is registered already."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Who this is by address and password; raises LimitError after too many tries."""
        return sign_ins.by_password(
            request=request, email=credentials["email"], password=credentials["password"]
        )

    def reauthenticate(self, user: Person, password: str) -> bool:
        return passwords.is_right(request=current.request, person=user, password=password)

    def login(self, request: HttpRequest, user: Person) -> None:
        sessions.begin(request=request, person=user)

    def logout(self, request: HttpRequest) -> None:
        sessions.end(request=request)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        devices.remember(response, user.email)
        return response

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 -- allauth's signature
        """A new person with an organisation of its own (REQUIREMENTS.md, 5); of an invitation without."""
        fields = form.cleaned_data
        person = people.register(
            email=fields["email"],
            password=fields["password1"],
            organization=fields.get("organization"),
        )
        record_authentication(request, person, method="registration")
        return person

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Whether the address is verified now, all of it or nothing. Another person's is given up, and its
        link leads to the page that says so.
        """
        owner, email = email_address.user_id, email_address.email
        if not email_addresses.is_of_another(person_id=owner, email=email):
            try:
                with transaction.atomic():
                    return bool(super().confirm_email(request, email_address))
            except IntegrityError:  # registered by another in this moment
                if not email_addresses.is_of_another(person_id=owner, email=email):
                    raise
        email_addresses.give_up(email_address)
        raise ImmediateHttpResponse(redirect(request.path))

    def set_password(self, user: Person, password: str) -> None:
        passwords.change(person=user, password=password)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        return not step_up.is_fresh(current.request)

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of ours, by their path: a link to the sign-in must not lead elsewhere."""
        address = url or ""
        is_ours = url_has_allowed_host_and_scheme(
            address, allowed_hosts={current.request.get_host()}, require_https=current.request.is_secure()
        )
        return is_ours and address.startswith("/")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail.send(template_prefix, email, context)

    def get_client_ip(self, request: HttpRequest) -> str:
        return addresses.client_address(request) or UNKNOWN_ADDRESS

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return at_our_address(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_our_address(super().get_reset_password_from_key_url(key))


def at_our_address(url: str) -> str:
    """The same page under BASE_URL, whatever host the request named."""
    return f"{settings.BASE_URL}{urlsplit(url).path}"
