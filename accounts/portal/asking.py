"""The page that asks somebody signed in who they are, also of whom only Google can tell."""

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ask(request: HttpRequest) -> HttpResponse:
    """By password or second factor; of who has neither, by Google once more or by setting a password."""
    if get_adapter(request).get_reauthentication_methods(request.user):
        return account.reauthenticate(request)  # type: ignore[no-any-return]  # allauth carries no types
    context = {
        "next": get_next_redirect_url(request) or "/",
        "has_google": bool(settings.SOCIALACCOUNT_PROVIDERS["google"].get("APPS")),
    }
    return render(request, "account/reauthenticate_elsewhere.html", context)
