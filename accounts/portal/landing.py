"""The first page: what MuseNest is, for whom nobody knows yet; for others where they begin."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.portal import sessions


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return sessions.home(request)
    return render(request, "public/landing.html")
