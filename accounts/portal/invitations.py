"""Invitations: sending one again, revoking it; and the page of whoever was invited."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Invitation, Person
from accounts.portal import words
from accounts.selectors import invitations as found
from accounts.selectors import organizations
from accounts.services import invitations
from musenest.common.errors import MuseNestError
from musenest.common.portal import PortalRequest, organization_page

GONE = 410


@require_POST
@organization_page("members:write")
def resend(request: PortalRequest, invitation: UUID) -> HttpResponse:
    sent = invitations.resend(
        invitation=found.get_for(request.caller.organization, invitation), by=request.caller.actor
    )
    told = _("The invitation is on its way to %(email)s again. The link before is good for nothing now.")
    messages.success(request, told % {"email": sent.email})
    return redirect("team", request.caller.organization.slug)


@require_POST
@organization_page("members:write")
def revoke(request: PortalRequest, invitation: UUID) -> HttpResponse:
    ended = invitations.revoke(
        invitation=found.get_for(request.caller.organization, invitation), by=request.caller.actor
    )
    messages.success(request, _("The invitation of %(email)s is revoked.") % {"email": ended.email})
    return redirect("team", request.caller.organization.slug)


@never_cache
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the e-mail opens: who invites where, and what to do to accept. A POST accepts."""
    invitation = found.of_token(token)
    if request.method == "POST" and isinstance(request.user, Person):
        try:
            membership = invitations.accept(token=token, person=request.user)
        except MuseNestError as error:
            invitation = found.of_token(token)
            return shown(request, invitation, error=error)
        told = _("Welcome to %(organization)s.") % {"organization": membership.organization.name}
        messages.success(request, told)
        return redirect("overview", membership.organization.slug)
    return shown(request, invitation)


def shown(request: HttpRequest, invitation: Invitation, error: MuseNestError | None = None) -> HttpResponse:
    """In one of its states: `sign_in`, `accept`, `other` (signed in with another address), `member`, or what
    ended it.
    """
    state = state_of(request, invitation)
    context = {
        "invitation": invitation,
        "state": state,
        "role": words.ROLES[invitation.role],
        "role_sentence": words.SENTENCES[invitation.role],
        "error": error,
    }
    status = error.status if error else GONE if state in ("expired", "revoked", "accepted") else 200
    return render(request, "accounts/invitation.html", context, status=status)


def state_of(request: HttpRequest, invitation: Invitation) -> str:
    person = request.user
    if isinstance(person, Person) and invitation.organization in organizations.of_person(person):
        return "member"
    if not invitation.is_pending:
        return invitation.status
    if not isinstance(person, Person):
        return "sign_in"
    return "accept" if person.email == invitation.email else "other"
