"""Settings: the organisation's, the person's own, and making another organisation."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.portal.sessions import person_of
from accounts.portal.settings_forms import NewOrganizationForm, OrganizationForm, ProfileForm
from accounts.services import organizations, profiles
from musenest.common.errors import ConflictError, DeniedError, InvalidError
from musenest.common.portal import PortalRequest, organization_page


@require_http_methods(["GET", "POST"])
@organization_page("members:read")
def organization(request: PortalRequest) -> HttpResponse:
    """Everybody reads; a POST needs `organization:write`."""
    caller = request.caller
    may_write = caller.may("organization:write")
    if request.method == "POST" and not may_write:
        raise DeniedError("Your role does not allow this. Ask an owner or admin of the organisation.")
    form = OrganizationForm(request.POST or None, organization=caller.organization)
    if not may_write:
        for field in form.fields.values():
            field.disabled = True
    if form.is_valid():
        organizations.update(organization=caller.organization, fields=form.cleaned_data, by=caller.actor)
        messages.success(request, _("Saved."))
        return redirect("settings", caller.organization.slug)
    context = {"section": "settings", "tab": "organization", "form": form, "may_write": may_write}
    return render(request, "accounts/settings.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@organization_page("members:read")
def profile(request: PortalRequest) -> HttpResponse:
    """What a person says about themselves; it is the same in every organisation."""
    person = request.caller.person
    initial = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            profiles.update(person=person, fields=form.cleaned_data, by=person.actor)
        except InvalidError as error:
            form.add_error(None, error.said)
        else:
            messages.success(request, _("Saved."))
            return redirect("profile", request.caller.organization.slug)
    context = {"section": "settings", "tab": "profile", "form": form}
    return render(request, "accounts/settings_profile.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
@login_required
def new_organization(request: HttpRequest) -> HttpResponse:
    """Another organisation, owned by whoever makes it."""
    person = person_of(request)
    form = NewOrganizationForm(request.POST or None)
    if form.is_valid():
        try:
            made = organizations.create(**form.cleaned_data, owner=person, by=person.actor)
        except ConflictError as error:
            form.add_error(None, error.said)
        else:
            messages.success(request, _("%(name)s is there. You are its owner.") % {"name": made.name})
            return redirect("overview", made.slug)
    context: dict[str, Any] = {"form": form}
    return render(request, "accounts/organization_create.html", context, status=status_of(form))


def status_of(form: Form) -> int:
    return 422 if form.is_bound else 200
