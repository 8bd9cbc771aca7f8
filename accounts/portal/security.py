"""A person's own sign-in: how they sign in, where they are signed in, and what was tried."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.portal.sessions import person_of
from accounts.selectors import security
from accounts.services import email_addresses, second_factors, sessions, social_accounts
from musenest.common import step_up
from musenest.common.errors import LimitError
from musenest.common.pages import ByNumber, page_of


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    found = security.overview(person, session_key=request.session.session_key or "")
    context = {
        "found": found,
        "has_google": bool(settings.GOOGLE_CLIENT_ID),
        "factor_is_missing": second_factors.must_have_one(person) and not found.has_factor,
        "section": "security",
    }
    return render(request, "accounts/security.html", context)


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    page = page_of(security.sign_ins_of(person_of(request)), request.GET.dict(), ByNumber())
    context = {"page": page, "sign_ins": page.rows, "section": "security"}
    return render(request, "accounts/sign_ins.html", context)


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """The link that verifies the address, once more; then back to the page that asked for it."""
    try:
        email = email_addresses.send_again(request=request, person=person_of(request))
    except LimitError as error:
        messages.warning(request, error.said)
    else:
        told = _("The e-mail is on its way to %(email)s.") if email else _("Your address is verified.")
        messages.success(request, told % {"email": email})
    return redirect(step_up.page_of(request))


@require_POST
def end_session(request: HttpRequest, session: str) -> HttpResponse:
    sessions.end_one(person=person_of(request), session=session)
    messages.success(request, _("The session has ended."))
    return redirect("security")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_others(request=request, person=person_of(request))
    said = ngettext(
        "You are signed in here only. %(number)s sign-in has ended, in browsers and programs.",
        "You are signed in here only. %(number)s sign-ins have ended, in browsers and programs.",
        ended,
    )
    messages.success(request, said % {"number": ended})
    return redirect("security")


@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_all(request=request, person=person_of(request))
    said = ngettext(
        "You are signed out everywhere. %(number)s sign-in has ended, in browsers and programs.",
        "You are signed out everywhere. %(number)s sign-ins have ended, in browsers and programs.",
        ended,
    )
    messages.success(request, said % {"number": ended})
    return redirect("login")


@require_POST
def disconnect(request: HttpRequest) -> HttpResponse:
    social_accounts.disconnect(person=person_of(request))
    messages.success(request, _("Google signs you in no more."))
    return redirect("security")


REASONS = ("cancelled", "unverified", "known", "another", "failed")


@require_GET
def error(request: HttpRequest) -> HttpResponse:
    """Why signing in elsewhere came to nothing, and what to do now."""
    reason = request.GET.get("reason", "")
    context = {"reason": reason if reason in REASONS else "failed"}
    return render(request, "accounts/auth_error.html", context)
