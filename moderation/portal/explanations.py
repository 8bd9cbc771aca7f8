"""A decision as a text for the person whose picture it was: complete enough for a statement of reasons
(REQUIREMENTS.md, 25), and without anything that only programs know.
"""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from moderation.models import Decision
from moderation.portal.decision_view import DecisionView


def explanation(decision: Decision, view: DecisionView) -> str:
    at = f"{date_format(timezone.localtime(decision.created_at), 'j M Y H:i')} UTC"
    about = gettext("Picture %(reference)s, sent to %(site)s on %(at)s.") % {
        "reference": decision.external_id or decision.image_hash[:12],
        "site": decision.site_identifier,
        "at": at,
    }
    objection = gettext("You may object: a person then looks at it. Name the decision's number, %(number)s.")
    lines = [
        about,
        view.sentence,
        *(f"- {said}" for said, _code in view.reasons),
        *view.missing,
        how(decision),
    ]
    return "\n".join([*lines, objection % {"number": decision.pk}])


def how(decision: Decision) -> str:
    if decision.is_test:
        return gettext(
            "It is a fixed answer of the test mode: nothing looked at the picture. "
            "The picture itself is not kept."
        )
    if decision.is_failed_closed:
        return gettext(
            "It was decided by a program: a picture that nothing looked at is held for a person. "
            "The picture itself is not kept."
        )
    said = gettext(
        "It was decided by a program: a detector looked for parts of a body and the site's own rules "
        "(version %(version)s) weighed what it found. The picture itself is not kept."
    )
    return said % {"version": decision.config_version or gettext("unknown")}
