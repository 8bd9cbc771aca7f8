"""The door of the admin: one place to sign in for everybody, and no circle for those who may not enter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from musenest.common.admin.records import is_staff
from musenest.common.errors import NotFoundError


@never_cache
def entrance(request: HttpRequest) -> HttpResponse:
    """For whom the admin does not let in: strangers go to the sign-in, customers are told why (404)."""
    if not request.user.is_authenticated:
        query = request.GET.urlencode()
        return redirect(f"{reverse('login')}?{query}" if query else reverse("login"))
    if is_staff(request):
        return redirect("admin:index")
    raise NotFoundError(
        f"This part is for the operator's staff, and {request.user.get_username()} is not one of them. "
        "Sign out first if you have another account for it.",
        code="STAFF_ONLY",
    )
