"""The first minutes: a site, its deployment, a decision. Once all three are there, what comes after them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from analytics.selectors.overview import Overview
from musenest.common.callers import Caller


@dataclass(frozen=True)
class Step:
    """`href` is empty where the person may not take it, or not yet."""

    title: str
    sentence: str
    action: str
    href: str
    is_done: bool
    is_next: bool = False


def guide_of(overview: Overview, caller: Caller) -> list[Step]:
    """Nothing where all is done, or where the person could do none of it."""
    steps = steps_of(overview, caller)
    if all(step.is_done for step in steps) or not caller.may("sites:write"):
        return []
    first = next(number for number, step in enumerate(steps) if not step.is_done)
    return [as_next(step) if number == first else step for number, step in enumerate(steps)]


def next_of(overview: Overview, caller: Caller) -> list[Step]:
    """What comes after the first minutes, until there is a key: nothing for who may make none."""
    is_begun = all(step.is_done for step in steps_of(overview, caller))
    if overview.has_key or not is_begun or not caller.may("api_keys:write"):
        return []
    slug = caller.organization.slug
    steps = [
        Step(
            gettext("Connect your own program"),
            gettext("Make a test key and run one of the programs of the quick start: its answers are fixed."),
            gettext("Open the quick start"),
            reverse("quick-start", args=[slug]),
            is_done=False,
            is_next=True,
        )
    ]
    if caller.may("members:write"):
        steps.append(
            Step(
                gettext("Invite who decides with you"),
                gettext("A reviewer looks at what was flagged. Everybody sees only what their role may."),
                gettext("Invite somebody"),
                reverse("team", args=[slug]),
                is_done=False,
            )
        )
    return steps


def as_next(step: Step) -> Step:
    return Step(step.title, step.sentence, step.action, step.href, is_done=False, is_next=True)


def steps_of(overview: Overview, caller: Caller) -> list[Step]:
    slug = caller.organization.slug
    deployed = [site for site in overview.sites if site.is_deployed]
    waiting = [site for site in overview.sites if not site.is_deployed]
    return [
        Step(
            gettext("Make a site"),
            gettext("One place where people post pictures. A template brings figures that fit your trade."),
            gettext("Make the first site"),
            reverse("site-create", args=[slug]),
            is_done=bool(overview.sites),
        ),
        Step(
            gettext("Deploy it"),
            gettext("You see what the server will receive; then it is sent, read back and compared."),
            gettext("See the plan"),
            reverse("site", args=[slug, waiting[0].site_identifier]) if waiting else "",
            is_done=bool(deployed),
        ),
        Step(
            gettext("Have a picture decided"),
            gettext("Drop one in here and read why it was decided so. It is not kept."),
            gettext("Try a picture"),
            reverse("try", args=[slug]) if deployed else "",
            is_done=bool(overview.latest),
        ),
    ]
