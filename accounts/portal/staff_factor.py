"""Staff act with a second factor only: without one in this session, their pages lead to where it is given."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.portal.sessions import person_of
from accounts.services import second_factors

GetResponse = Callable[[HttpRequest], HttpResponse]
OF_STAFF = ("/admin/", "/design")
DOORS = ("/admin/login/", "/admin/logout/")


def required(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        is_staffs = request.path.startswith(OF_STAFF) and not request.path.startswith(DOORS)
        if is_staffs and second_factors.is_missing(request):
            return to_the_factor(request)
        return get_response(request)

    return middleware


def to_the_factor(request: HttpRequest) -> HttpResponse:
    """To the question for who has one, else to where it is set up."""
    if second_factors.has_one(person_of(request)):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
    messages.warning(request, _("Staff need a second factor. Set one up, then the admin opens."))
    return redirect("security")
