"""The API's description to read and to try, in the frame of the public pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.selectors import organizations


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """For everybody; who is signed in finds the quick start of their first organisation."""
    found = organizations.of_person(request.user) if isinstance(request.user, Person) else []
    context = {"section": "docs", "first": found[0] if found else None}
    return render(request, "public/api_docs.html", context)
