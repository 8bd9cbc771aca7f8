"""Signing in with Google: only with an address that Google has verified, and never into somebody's account by
its address alone.
"""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import Person, SignInOutcome
from accounts.services import people, sign_ins

AGAIN = "reauthenticate"  # what templates/account/reauthenticate_elsewhere.html asks Google for


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """Of the settings only: no page asks the database what Google's id is."""
        apps = settings.SOCIALACCOUNT_PROVIDERS["google"].get("APPS", [])
        found = [SocialApp(provider="google", name="Google", **app) for app in apps]
        return [app for app in found if client_id in (None, app.client_id)]

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") == AGAIN:
            confirm(request, sociallogin)
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        address = sociallogin.user.email
        if not any(each.verified for each in sociallogin.email_addresses):
            refuse(request, address, "unverified")
        if filter_users_by_email(address):
            refuse(request, address, "known")

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        """A new person without a password, with an organisation of its own."""
        name = str(sociallogin.account.extra_data.get("name", ""))[:120]
        sociallogin.user = people.register(email=sociallogin.user.email, password=None, name=name)
        sociallogin.save(request)
        return sociallogin.user  # type: ignore[no-any-return]  # it is the one made here

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        refuse(request, "", "cancelled" if error == AuthError.CANCELLED else "failed")

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("security")


def confirm(request: HttpRequest, sociallogin: Any) -> None:
    """Note that somebody signed in, who has no other way to show it, is still who they are; then back to what
    they wanted. Refused for every other account at Google.
    """
    person = request.user
    if not isinstance(person, Person) or account_adapter(request).get_reauthentication_methods(person):
        refuse(request, "", "failed")
    elif not sociallogin.is_existing or sociallogin.user.pk != person.pk:
        refuse(request, person.email, "another")
    else:
        account = sociallogin.account
        more = {"provider": account.provider, "uid": account.uid, "reauthenticated": True}
        record_authentication(request, person, "socialaccount", **more)
        sign_ins.note(request=request, email=person.email, outcome=SignInOutcome.CONFIRMED, method="google")
        raise ImmediateHttpResponse(redirect(sociallogin.get_redirect_url(request) or "/"))


def refuse(request: HttpRequest, address: str, reason: str) -> None:
    """Note it, and say why on a page of ours."""
    if reason != "cancelled":
        sign_ins.note(request=request, email=address, outcome=SignInOutcome.REFUSED, method="google")
    raise ImmediateHttpResponse(redirect(f"{reverse('auth-error')}?reason={reason}"))
