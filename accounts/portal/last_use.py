"""When a browser was last used: the list of where somebody is signed in tells it."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.services import sessions
from musenest.common import step_up

GetResponse = Callable[[HttpRequest], HttpResponse]


def noted(get_response: GetResponse) -> GetResponse:
    """Middleware: notes it every few minutes, beginning a few minutes after the sign-in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # A request without a session is not made to have one.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now, every = time.time(), sessions.NOTED_EVERY.total_seconds()
            if now - step_up.proved_at(request) > every:
                sessions.note_use(request.session.session_key or "", int(now // every))
        return get_response(request)

    return middleware
