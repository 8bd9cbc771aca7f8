"""An organisation's plan: what it has, how much is used, and asking staff for another one."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from billing.models import SubscriptionStatus
from billing.portal import cards
from billing.selectors import plan_requests, sites, subscriptions, tiers, usage
from billing.services import plan_requests as asking
from musenest.common.errors import InvalidError
from musenest.common.portal import PortalRequest, organization_page

STATES: dict[str, str] = {
    SubscriptionStatus.TRIALING: gettext_noop("Trial"),
    SubscriptionStatus.ACTIVE: gettext_noop("Active"),
    SubscriptionStatus.PAST_DUE: gettext_noop("Payment is overdue"),
    SubscriptionStatus.PAUSED: gettext_noop("Paused"),
    SubscriptionStatus.CANCELLED: gettext_noop("Cancelled"),
    SubscriptionStatus.EXPIRED: gettext_noop("Expired"),
    SubscriptionStatus.SUSPENDED: gettext_noop("Suspended"),
}


class AskForm(forms.Form):
    tier = forms.SlugField(max_length=40)
    message = forms.CharField(max_length=1000, required=False)


@require_GET
@organization_page("billing:read")
def show(request: PortalRequest) -> HttpResponse:
    organization = request.caller.organization
    subscription = subscriptions.currents_of(organization).first()
    context = {
        "section": "plan",
        "subscription": subscription,
        "state": gettext(STATES[subscription.subscription_status]) if subscription else "",
        "current": subscription.tier if subscription else None,
        "quota": usage.quota_of(organization, subscription.tier) if subscription else None,
        "room": sites.room_of(organization),
        "cards": cards.cards(list(tiers.live())),
        "asked": plan_requests.open_of(organization),
        "can_ask": request.caller.may("organization:write"),
    }
    return render(request, "billing/plan.html", context)


@require_POST
@organization_page("organization:write")
def ask(request: PortalRequest) -> HttpResponse:
    """Tell staff which plan is wanted; they change it, until a payment exists."""
    form = AskForm(request.POST)
    if not form.is_valid():
        raise InvalidError("Choose a plan. A message may have 1,000 characters.")
    asked = asking.ask(
        organization=request.caller.organization,
        tier_name=form.cleaned_data["tier"],
        message=form.cleaned_data["message"],
        by=request.caller.actor,
    )
    messages.success(
        request,
        gettext("We were asked for %(tier)s. You hear from us by e-mail.") % {"tier": asked.display_name},
    )
    return redirect("plan", request.caller.organization.slug)
