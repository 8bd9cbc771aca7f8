"""What goes on for a staff person who sees an organisation as a member does, and how it ends."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.models import Person
from accounts.portal.sessions import person_of
from accounts.services import impersonations
from musenest.common.impersonation import SESSION_KEY, Impersonation

GetResponse = Callable[[HttpRequest], HttpResponse]


def known(get_response: GetResponse) -> GetResponse:
    """Middleware: puts what goes on on the request, and ends it when its time is over or the person is no
    longer staff.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        # A request without a session is not made to have one.
        begun = begun_in(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if begun is not None and request.user.is_authenticated:
            person = person_of(request)
            if begun.is_over or not person.is_staff:
                finish(request, begun, person, why="time" if begun.is_over else "no longer staff")
            else:
                request.impersonation = begun  # type: ignore[attr-defined]  # middleware puts it there
        return get_response(request)

    return middleware


def begun_in(request: HttpRequest) -> Impersonation | None:
    kept = request.session.get(SESSION_KEY)
    return Impersonation.read(kept) if kept else None


def finish(request: HttpRequest, begun: Impersonation, person: Person, *, why: str) -> None:
    del request.session[SESSION_KEY]
    impersonations.end(begun=begun, why=why, by=person.actor)


@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """One click; harmless where it has ended already."""
    begun = begun_in(request)
    if begun is None:
        return redirect("home")
    finish(request, begun, person_of(request), why="ended")
    return redirect("admin:accounts_membership_change", begun.membership)


@receiver(user_logged_out, dispatch_uid="accounts.impersonation_ends")
def end_with_the_session(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    begun = begun_in(request) if hasattr(request, "session") else None
    if begun is not None and isinstance(user, Person):
        finish(request, begun, user, why="signed out")
