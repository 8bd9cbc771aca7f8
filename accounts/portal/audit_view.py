"""The audit trail as a person reads it: who did what to what, and what was before."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent

LONGEST = 300
PAIR = 2

# Each area of the filter with its actions. What is not here is shown by its own name, never left out.
AREAS: dict[Promise, dict[str, Promise]] = {
    _("Team"): {
        "invitation.made": _("Invitation sent"),
        "invitation.resent": _("Invitation sent again"),
        "invitation.revoked": _("Invitation revoked"),
        "invitation.accepted": _("Invitation accepted"),
        "membership.added": _("Member added"),
        "membership.role_changed": _("Role changed"),
        "membership.removed": _("Member removed"),
        "membership.left": _("Member left"),
        "membership.child_safety_granted": _("Child-safety access granted"),
        "membership.child_safety_withdrawn": _("Child-safety access withdrawn"),
    },
    _("Organisation"): {
        "organization.created": _("Organisation created"),
        "organization.updated": _("Organisation changed"),
        "organization.transferred": _("Ownership transferred"),
    },
    _("API keys"): {
        "api_key.created": _("API key created"),
        "api_key.rotated": _("API key rotated"),
        "api_key.revoked": _("API key revoked"),
        "api_key.maker_disabled": _("Maker of an API key disabled"),
    },
    _("Sites"): {
        "site.created": _("Site created"),
        "site.updated": _("Site changed"),
        "site.deleted": _("Site deleted"),
        "site.restored": _("Site restored"),
        "site.removed_from_server": _("Deleted site removed from its servers"),
        "site.left_on_server": _("Deleted site left on a server"),
        "decisions.expired": _("Decisions removed at the end of their time"),
        "deployment.requested": _("Deployment requested"),
        "deployment.cancelled": _("Deployment cancelled"),
        "attestation.made": _("Attestation made"),
    },
    _("Servers"): {
        "server.created": _("Server added"),
        "server.updated": _("Server changed"),
        "server.deleted": _("Server removed"),
    },
    _("MuseNest staff"): {
        "impersonation.begun": _("Began to see what a member sees"),
        "impersonation.ended": _("Stopped seeing what a member sees"),
    },
    _("Billing"): {
        "subscription.begun": _("Subscription begun"),
        "subscription.tier_changed": _("Plan changed"),
        "plan.requested": _("Plan requested"),
    },
}
TITLES = {action: title for actions in AREAS.values() for action, title in actions.items()}
FIELDS: dict[str, Promise] = {
    "name": _("Name"),
    "email": _("E-mail address"),
    "role": _("Role"),
    "scopes": _("Scopes"),
    "live_api_keys": _("API keys that go on working"),
    "revoked_api_keys": _("API keys revoked"),
    "maker": _("Maker"),
    "region": _("Region"),
    "jurisdiction": _("Jurisdiction"),
    "contact": _("Privacy contact"),
    "tier": _("Plan"),
    "display_name": _("Name"),
    "message": _("Message"),
    "site": _("Site"),
    "site_name": _("Name"),
    "expires_at": _("Expires"),
    "retention_months": _("Months that decisions are kept"),
    "decisions": _("Decisions"),
    "events": _("What came later"),
}
# What belongs together, for programs only.
UNSHOWN = ("impersonation",)
# Lists that are one value, not a pair of before and after.
LISTS = ("scopes",)


@dataclass(frozen=True)
class Change:
    path: str
    title: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One row of the trail in words."""

    event: AuditEvent
    title: str
    changes: list[Change]

    @property
    def target(self) -> str:
        """What it was done to; of a deployment its site, which people know by name."""
        site = self.event.changes.get("site") if self.event.target_type == "deployment" else None
        return site if isinstance(site, str) else self.event.target_label

    @property
    def icon(self) -> str:
        """#icon-person, #icon-key, #icon-cpu."""
        return {"person": "person", "api_key": "key"}.get(self.event.actor_kind, "cpu")


def entry_of(event: AuditEvent) -> Entry:
    title = TITLES.get(event.action)
    changes = [change_of(path, given) for path, given in event.changes.items() if path not in UNSHOWN]
    return Entry(event, str(title) if title else sentence(event.action), changes)


def change_of(path: str, given: Any) -> Change:
    before, after = (None, given) if not is_pair(path, given) else given
    return Change(path, field_title(path), in_words(before), in_words(after))


def is_pair(path: str, given: Any) -> bool:
    return isinstance(given, list) and len(given) == PAIR and path not in LISTS


def field_title(path: str) -> str:
    known = FIELDS.get(path)
    return str(known) if known else sentence(path)


def sentence(name: str) -> str:
    """`webhook_endpoint.made` becomes `Webhook endpoint made`."""
    words = name.replace(".", " ").replace("_", " ")[:LONGEST]
    return words[:1].upper() + words[1:]


def in_words(given: Any) -> str:
    """A value in at most 300 characters; an absent one is empty."""
    if given is None or given == "":
        return ""
    if isinstance(given, bool):
        return gettext("yes") if given else gettext("no")
    if isinstance(given, list) and all(isinstance(item, str) for item in given):
        text = ", ".join(given) or gettext("none")
    else:
        text = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
