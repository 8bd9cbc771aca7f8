"""From a key to a decision: the programs to begin with, written for this organisation."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from moderation.domain.fixed_answers import PICTURES, Fixed
from moderation.models import Site
from moderation.selectors import sites
from musenest.common.portal import PortalRequest, organization_page

EXAMPLE = "your-site"
PROGRAMS = (
    ("environment", _("What the programs read"), _("Put your key in the place of mn_test_…"), "environment"),
    ("curl", _("With curl"), _("Save it as moderate.sh, then: bash moderate.sh rejected.png"), "moderate.sh"),
    (
        "python",
        _("With Python"),
        _("Save it as moderate.py, then: pip install httpx && python3 moderate.py rejected.png"),
        "moderate.py",
    ),
)
# What a test key says of each picture that is handed out here.
ANSWERS: dict[Fixed, tuple[str, str, str | Promise]] = {
    Fixed.APPROVED: ("200", "approved", ""),
    Fixed.FLAGGED: ("200", "flagged", ""),
    Fixed.REJECTED: ("200", "rejected", ""),
    Fixed.ESCALATED: ("200", "rejected", _("and escalated, as the child-safety rule does it")),
    Fixed.UNASSESSED: ("200", "flagged", _("without scores: no server answered")),
    Fixed.UNREADABLE: ("422", "", _("the picture is damaged")),
    Fixed.OVER_THE_QUOTA: ("429", "", _("the month's quota is used up")),
    Fixed.UNAVAILABLE: ("503", "", _("a fault on our side")),
}


@dataclass(frozen=True)
class Program:
    """One of the programs: `id` names it in the page, `text` can be copied and run."""

    id: str
    title: Promise
    sentence: Promise
    text: str


@dataclass(frozen=True)
class SamplePicture:
    """A picture to take along: its name, and what a test key answers; `decision` is empty for an error."""

    name: str
    path: str
    status: str
    decision: str
    note: str | Promise


@require_GET
@organization_page("sites:read")
def show(request: PortalRequest) -> HttpResponse:
    """For the site of `?site=`, else for one that is deployed, else for any."""
    found = list(sites.visible_to(request.caller.organization))
    site = chosen(found, request.GET.get("site", ""))
    identifier = site.site_identifier if site else EXAMPLE
    context = {
        "section": "developers",
        "tab": "quick-start",
        "site": site,
        "sites": found,
        "programs": programs_for(identifier),
        "base_url": settings.BASE_URL,
        "pictures": pictures(),
    }
    return render(request, "moderation/quick_start.html", context)


def pictures() -> list[SamplePicture]:
    return [
        SamplePicture(f"{fixed.value}.png", f"test-pictures/{fixed.value}.png", *ANSWERS[fixed])
        for fixed in PICTURES.values()
    ]


def chosen(found: list[Site], wanted: str) -> Site | None:
    named = [site for site in found if site.site_identifier == wanted]
    deployed = [site for site in found if site.is_deployed]
    return next(iter([*named, *deployed, *found]), None)


def programs_for(identifier: str) -> list[Program]:
    """The programs are those of docs/quickstart.md, which a test runs as they stand."""
    context = {"base_url": settings.BASE_URL, "site": identifier}
    return [
        Program(pk, title, sentence, render_to_string(f"moderation/quick_start/{file}.txt", context).strip())
        for pk, title, sentence, file in PROGRAMS
    ]
