"""One member: role, the grant for child safety, removal."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts import rules
from accounts.models import Role
from accounts.portal import words
from accounts.selectors import api_keys as found_keys
from accounts.selectors import memberships as found
from accounts.services import memberships, removals
from musenest.common import step_up
from musenest.common.errors import InvalidError
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("members:write")
def detail(request: PortalRequest, member: UUID) -> HttpResponse:
    caller = request.caller
    membership = found.get_for(caller.organization, member)
    is_self = membership.person_id == caller.person.pk
    is_above = not rules.may_give(caller.permissions, membership.role)
    is_staffs = caller.is_staff or membership.person.is_staff
    given = [role for role, _name in words.roles_within(caller.permissions)]
    context = {
        "section": "team",
        "member": membership,
        "is_self": is_self,
        "is_above": is_above,
        "may_change": not is_self and not is_above,
        "may_grant": caller.may(rules.GRANT) and (membership.has_child_safety or not is_staffs),
        "is_staffs": is_staffs,
        "roles": words.described(),
        "given": given,
        "matrix": words.matrix(),
        "live_keys": found_keys.live_of(caller.organization, member).count(),
    }
    return render(request, "accounts/member.html", context)


@require_POST
@organization_page("members:write")
def change_role(request: PortalRequest, member: UUID) -> HttpResponse:
    """The new role counts on the member's next request. A new owner needs a proof of who makes them one, as
    handing the organisation over does.
    """
    membership = found.get_for(request.caller.organization, member)
    role = request.POST.get("role", "")
    if role not in words.ROLES:
        raise InvalidError("Choose one of the roles. Nothing was changed.", code="ROLE_UNKNOWN")
    if role == Role.OWNER and not step_up.is_fresh(request):
        return step_up.ask(request)
    revoke_keys = request.POST.get("revoke_keys") == "yes"
    left = memberships.change_role(
        membership=membership, role=role, by=request.caller.actor, revoke_keys=revoke_keys
    )
    tell_of_keys(request, left)
    told = _("%(email)s is %(role)s from the next click on.")
    messages.success(request, told % {"email": membership.person.email, "role": words.ROLES[role]})
    return redirect("team", request.caller.organization.slug)


@require_POST
@organization_page(rules.GRANT)
def child_safety(request: PortalRequest, member: UUID) -> HttpResponse:
    """Grants access to child-safety cases, or withdraws it."""
    membership = found.get_for(request.caller.organization, member)
    if request.POST.get("granted") == "yes":
        if not step_up.is_fresh(request):
            return step_up.ask(request)
        memberships.grant_child_safety(membership=membership, by=request.caller.actor)
    else:
        memberships.withdraw_child_safety(membership=membership, by=request.caller.actor)
    messages.success(request, _("Saved. It counts from the next click on."))
    return redirect("member", request.caller.organization.slug, member)


@require_POST
@organization_page("members:write")
def remove(request: PortalRequest, member: UUID) -> HttpResponse:
    """Ends the membership; the team's page then offers to undo it."""
    membership = found.get_for(request.caller.organization, member)
    proof = removals.proof_of(membership)
    revoke_keys = request.POST.get("revoke_keys") == "yes"
    ended = memberships.remove(membership=membership, by=request.caller.actor, revoke_keys=revoke_keys)
    tell_of_keys(request, ended)
    address = reverse("team", args=[request.caller.organization.slug])
    return redirect(f"{address}?{urlencode({'undo': proof})}")


def tell_of_keys(request: PortalRequest, left: memberships.KeysLeft) -> None:
    if left.revoked_keys:
        told = ngettext(
            "%(keys)s API key of this person is revoked.",
            "%(keys)s API keys of this person are revoked.",
            left.revoked_keys,
        )
        messages.success(request, told % {"keys": left.revoked_keys})
    if left.live_keys:
        told = ngettext(
            "%(keys)s API key that this person made goes on working. Revoke it under API keys.",
            "%(keys)s API keys that this person made go on working. Revoke them under API keys.",
            left.live_keys,
        )
        messages.warning(request, told % {"keys": left.live_keys})
