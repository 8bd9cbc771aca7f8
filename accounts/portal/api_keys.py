"""The organisation's API keys: the list, a new one (shown once), rotating and revoking."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import rules
from accounts.models import ApiKey
from accounts.portal import words
from accounts.portal.api_key_form import ApiKeyForm
from accounts.selectors import api_keys as found
from accounts.services import api_keys
from musenest.common import step_up
from musenest.common.errors import DeniedError, InvalidError
from musenest.common.portal import PortalRequest, organization_page


@require_GET
@organization_page("members:read")
def index(request: PortalRequest) -> HttpResponse:
    """The keys, for who may see them; to others who may."""
    may_see = request.caller.may("api_keys:read")
    keys = found.of_organization(request.caller.organization) if may_see else ApiKey.objects.none()
    context = {"section": "developers", "tab": "keys", "keys": keys, "may_see": may_see}
    return render(request, "accounts/keys.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@organization_page("api_keys:write")
@step_up.required
def create(request: PortalRequest) -> HttpResponse:
    """The form; a POST answers with the key itself, which no page shows again."""
    caller = request.caller
    form = ApiKeyForm(request.POST or None, scopes=rules.scopes_within(caller.permissions))
    if form.is_valid():
        values = form.cleaned_data
        try:
            key, text = api_keys.create(
                organization=caller.organization,
                name=values["name"],
                mode=values["mode"],
                scopes=values["scopes"],
                expires_at=form.expires_at,
                by=caller.actor,
            )
        except (DeniedError, InvalidError) as error:
            form.add_error(None, error.said)
        else:
            return shown_once(request, key, text)
    context = {"section": "developers", "tab": "keys", "form": form}
    return render(request, "accounts/key_create.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_POST
@organization_page("api_keys:write")
@step_up.required
def rotate(request: PortalRequest, key: UUID) -> HttpResponse:
    """Answers with a new key in the place of this one."""
    old = found.get_for(request.caller.organization, key)
    fresh, text = api_keys.rotate(key=old, by=request.caller.actor)
    return shown_once(request, fresh, text)


@require_POST
@organization_page("api_keys:write")
def revoke(request: PortalRequest, key: UUID) -> HttpResponse:
    ended = api_keys.revoke(key=found.get_for(request.caller.organization, key), by=request.caller.actor)
    messages.success(request, _("%(name)s is revoked. It is refused from now on.") % {"name": ended.name})
    return redirect("keys", request.caller.organization.slug)


def shown_once(request: PortalRequest, key: ApiKey, text: str) -> HttpResponse:
    context = {
        "section": "developers",
        "tab": "keys",
        "key": key,
        "text": text,
        "may": [words.SCOPES[scope] for scope in key.scopes],
    }
    return render(request, "accounts/key_created.html", context, status=201)
