"""A plan as a site's page shows it: what would change in words, what warns, what stands in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext, ngettext

from moderation.domain.changes import Change
from moderation.domain.translation import Warning_
from moderation.models import Attestation, Site, SiteStatus
from moderation.portal import words
from moderation.selectors import plans
from moderation.selectors.plans import Conflict, Plan
from musenest.common.errors import InvalidError


@dataclass(frozen=True)
class ChangeRow:
    """One line of a diff. Of a list `gone` and `new` name what differs, for it may be long."""

    path: str
    title: str
    before: str
    after: str
    source: str
    gone: Sequence[str] = ()
    new: Sequence[str] = ()


@dataclass(frozen=True)
class PlanView:
    sentence: str
    button: str = ""
    is_in_step: bool = False
    digest: str = ""
    changes: list[ChangeRow] = field(default_factory=list)
    warnings: tuple[Warning_, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    errors: list[Mapping[str, Any]] = field(default_factory=list)
    attestation: Attestation | None = None

    @property
    def needs_attestation(self) -> bool:
        return any(conflict.code == "ATTESTATION_MISSING" for conflict in self.conflicts)

    @property
    def can_deploy(self) -> bool:
        return bool(self.button) and not self.conflicts and not self.errors


def rows(changes: Iterable[Change]) -> list[ChangeRow]:
    return [row(change) for change in changes]


def row(change: Change) -> ChangeRow:
    gone, new = words.gone_and_new(change.path, change.before, change.after)
    return ChangeRow(
        path=change.path,
        title=words.title(change.path),
        before=words.value(change.path, change.before),
        after=words.value(change.path, change.after),
        source=words.source(change.source),
        gone=gone,
        new=new,
    )


def counted(number: int) -> str:
    return ngettext("%(number)s change", "%(number)s changes", number) % {"number": number}


def plan_of(site: Site) -> PlanView:
    """What deploying the site as saved would do; an invalid configuration makes a plan without a button."""
    try:
        plan = plans.of_site(site)
    except InvalidError as error:
        return PlanView(sentence="", errors=list(error.details["errors"]))
    view = later(site, plan) if site.is_deployed else first(site, plan)
    return replace(view, attestation=plan.attestation)


def first(site: Site, plan: Plan) -> PlanView:
    """Before the first deployment everything is new, so only what differs from the template is listed."""
    own = [change for change in plan.changes if change.source == "site"]
    is_again = site.deployment_status == SiteStatus.FAILED
    return PlanView(
        sentence=first_sentence(site, len(own)),
        button=gettext("Try again") if is_again else gettext("Deploy for the first time"),
        digest=plan.digest,
        changes=rows(own),
        warnings=plan.configuration.warnings,
        conflicts=plan.conflicts,
    )


def first_sentence(site: Site, own: int) -> str:
    template = gettext(site.industry_template.display_name)
    if not own:
        said = gettext("Never deployed. This sends the template %(template)s as it is.")
        return said % {"template": template}
    said = ngettext(
        "Never deployed. This sends the template %(template)s, with %(number)s figure of your own.",
        "Never deployed. This sends the template %(template)s, with %(number)s figures of your own.",
        own,
    )
    return said % {"template": template, "number": own}


def later(site: Site, plan: Plan) -> PlanView:
    again = site.deployment_status == SiteStatus.FAILED
    if not plan.has_changes and not again:
        return PlanView(sentence=in_step(site), digest=plan.digest, is_in_step=True)
    if plan.has_changes:
        button = gettext("Try again: deploy %(changes)s") if again else gettext("Deploy %(changes)s")
        changed = {"changes": counted(len(plan.changes))}
        sentence = gettext("Saved, and not in force until deployed: %(changes)s.") % changed
        button %= changed
    else:
        sentence = gettext("The newest deployment failed; what is in force is what is saved.")
        button = gettext("Deploy again")
    return PlanView(
        sentence=sentence,
        button=button,
        digest=plan.digest,
        changes=rows(plan.changes),
        warnings=plan.configuration.warnings,
        conflicts=plan.conflicts,
    )


def in_step(site: Site) -> str:
    number = site.deployed_version.number if site.deployed_version else 0
    return gettext("What is in force is what is saved: version %(number)s.") % {"number": number}
