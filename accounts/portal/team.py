"""Who belongs to the organisation: the list, inviting, leaving, handing it over."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Role
from accounts.portal import words
from accounts.portal.invitation_form import InvitationForm
from accounts.portal.transfer_form import TransferForm
from accounts.selectors import invitations as found_invitations
from accounts.selectors import memberships as found
from accounts.services import invitations, memberships, organizations, removals
from musenest.common import step_up
from musenest.common.errors import ConflictError, DeniedError, LimitError
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("members:read")
def index(request: PortalRequest) -> HttpResponse:
    """Everybody; invitations only to those who may send some."""
    return page(request, new_form(request))


@require_POST
@organization_page("members:write")
def invite(request: PortalRequest) -> HttpResponse:
    """Invites each address by itself; those that were refused stay in the form with the reason. Owners are
    invited after a proof of who invites.
    """
    form = new_form(request, posted=True)
    if not form.is_valid():
        return page(request, form, status=422)
    if form.cleaned_data["role"] == Role.OWNER and not step_up.is_fresh(request):
        return step_up.ask(request)
    refused = {
        address: reason
        for address in form.cleaned_data["addresses"]
        if (reason := refusal(request, address, form.cleaned_data["role"]))
    }
    sent = len(form.cleaned_data["addresses"]) - len(refused)
    if sent:
        told = ngettext("%(sent)s invitation is on its way.", "%(sent)s invitations are on their way.", sent)
        messages.success(request, told % {"sent": sent})
    if not refused:
        return redirect("team", request.caller.organization.slug)
    form = new_form(request, addresses=refused)
    return page(request, form, status=422, refused=refused)


def refusal(request: PortalRequest, address: str, role: str) -> str:
    """Why the address was not invited; empty when it was."""
    caller = request.caller
    try:
        invitations.invite(organization=caller.organization, email=address, role=role, by=caller.actor)
    except (ConflictError, DeniedError, LimitError) as error:
        return error.said
    return ""


def new_form(
    request: PortalRequest, *, posted: bool = False, addresses: Iterable[str] = ()
) -> InvitationForm:
    roles = words.roles_within(request.caller.permissions)
    form = InvitationForm(request.POST if posted else None, roles=roles)
    if addresses:
        form.initial = {"addresses": "\n".join(addresses), "role": request.POST.get("role")}
    return form


def page(
    request: PortalRequest, form: InvitationForm, *, status: int = 200, refused: dict[str, str] | None = None
) -> HttpResponse:
    caller = request.caller
    may_write = caller.may("members:write")
    proof = request.GET.get("undo", "") if may_write else ""
    members = list(found.with_live_keys(caller.organization))
    open_ones = found_invitations.of_organization(caller.organization)
    context = {
        "section": "team",
        "members": members,
        "invitations": open_ones.filter(accepted_at=None, revoked_at=None) if may_write else [],
        "form": form,
        "refused": refused or {},
        "may_write": may_write,
        "within": dict(words.roles_within(caller.permissions)),
        "roles": words.described(),
        "matrix": words.matrix(),
        "own_keys": own_keys(request, members),
        "proof": proof,
        "removed": removals.offered(organization=caller.organization, proof=proof) if proof else "",
    }
    return render(request, "accounts/team.html", context, status=status)


def own_keys(request: PortalRequest, members: Iterable[Any]) -> int:
    """How many live API keys whoever asks has made and may revoke."""
    if not request.caller.may("api_keys:write"):
        return 0
    return sum(member.live_keys for member in members if member.person_id == request.caller.person.pk)


@require_POST
@organization_page("members:write")
def undo(request: PortalRequest) -> HttpResponse:
    back = removals.undo(
        organization=request.caller.organization,
        proof=request.POST.get("proof", ""),
        by=request.caller.actor,
    )
    messages.success(request, _("%(email)s is a member again.") % {"email": back.person.email})
    return redirect("team", request.caller.organization.slug)


@require_POST
@organization_page("members:read")
def leave(request: PortalRequest) -> HttpResponse:
    memberships.leave(
        organization=request.caller.organization,
        person=request.caller.person,
        revoke_keys=request.POST.get("revoke_keys") == "yes",
    )
    messages.success(
        request, _("You have left %(organization)s.") % {"organization": request.caller.organization.name}
    )
    return redirect("home")


@require_http_methods(["GET", "POST"])
@organization_page("organization:transfer")
@step_up.required
def transfer(request: PortalRequest) -> HttpResponse:
    """Who is to be the owner, and the organisation's name typed."""
    caller = request.caller
    others = found.of_organization(caller.organization).exclude(person=caller.person)
    form = TransferForm(request.POST or None, members=list(others), name=caller.organization.name)
    if form.is_valid():
        try:
            organizations.transfer(organization=caller.organization, to=form.chosen, by=caller.actor)
        except (ConflictError, DeniedError) as error:
            form.add_error(None, error.said)
        else:
            told = _("%(email)s owns the organisation now. You are an admin.")
            messages.success(request, told % {"email": form.chosen.person.email})
            return redirect("team", caller.organization.slug)
    context = {"section": "team", "form": form, "role": words.ROLES[Role.ADMIN]}
    return render(request, "accounts/team_transfer.html", context, status=422 if form.is_bound else 200)
