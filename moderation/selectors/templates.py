"""Industry templates: the same for every organisation."""

from django.db.models import Prefetch, QuerySet

from moderation.models import Site, Template, TemplateVersion
from musenest.common.errors import NotFoundError


def live() -> QuerySet[Template]:
    """Active templates with their versions, newest first."""
    newest_first = Prefetch("versions", TemplateVersion.objects.order_by("-number"))
    return Template.objects.filter(is_active=True).prefetch_related(newest_first)


def choices(site: Site) -> list[Template]:
    """What a site may be built on: the active templates, and its own."""
    found = list(Template.objects.filter(is_active=True))
    return found if site.industry_template in found else [site.industry_template, *found]


def named(name: str) -> Template:
    template = Template.objects.filter(name=name, is_active=True).first()
    if template is None:
        raise NotFoundError("There is no template %(name)r.", code="TEMPLATE_UNKNOWN", figures={"name": name})
    return template
