"""What a person says about itself."""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from accounts.models import Person, Profile
from accounts.services import audit
from musenest.common import tenancy
from musenest.common.actors import Actor
from musenest.common.errors import InvalidError

OF_THE_PERSON = ("name", "locale", "time_zone")
OF_THE_PROFILE = ("preferences", "v0_api_key")
MOST_PREFERENCES = 4096  # bytes of JSON


def update(*, person: Person, fields: Mapping[str, Any], by: Actor) -> Profile:
    """Change name, locale, time zone, preferences (as a whole) or the AI provider's key (encrypted; empty
    takes it back), and record what was changed; of the key only that it was.

    Raises InvalidError for a language or time zone that does not exist, and for preferences above 4 KiB.
    """
    refuse_unknown(fields)
    with tenancy.staff(), transaction.atomic():
        fresh = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        profile, _ = Profile.objects.get_or_create(person=fresh)
        profile.person = fresh  # the locked row, also for who reads the profile in a narrower scope
        changes = changed(fresh, OF_THE_PERSON, fields) | changed(profile, OF_THE_PROFILE, fields)
        if not changes:
            return profile
        fresh.save(update_fields=[*OF_THE_PERSON, "updated_at"])
        profile.save()
        if "v0_api_key" in changes:
            changes["v0_api_key"] = "set" if profile.v0_api_key else "removed"
        audit.record("person.updated", by=by, target=fresh, organization=None, changes=changes)
    return profile


def changed(row: Any, names: tuple[str, ...], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Set the fields that differ; returns {name: [before, after]}."""
    found = {
        name: [getattr(row, name), fields[name]]
        for name in names
        if name in fields and getattr(row, name) != fields[name]
    }
    for name, (_, value) in found.items():
        setattr(row, name, value)
    return found


def refuse_unknown(fields: Mapping[str, Any]) -> None:
    if "time_zone" in fields and fields["time_zone"] not in available_timezones():
        raise invalid("time_zone", "There is no such time zone. Name one like Europe/Berlin.")
    if "locale" in fields and fields["locale"] not in dict(settings.LANGUAGES):
        raise invalid("locale", f"Choose one of: {', '.join(dict(settings.LANGUAGES))}.")
    if len(json.dumps(fields.get("preferences", {}))) > MOST_PREFERENCES:
        raise invalid("preferences", f"Preferences may have {MOST_PREFERENCES:,} bytes.")


def invalid(field: str, reason: str) -> InvalidError:
    return InvalidError(
        "%(field)s: %(reason)s",
        figures={"field": field, "reason": reason},
        details={
            "errors": [{"path": field, "code": "INVALID", "message": reason}],
            "field": field,
            "reason": reason,
        },
    )
