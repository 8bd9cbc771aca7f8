"""The form of a site's settings as a browser holds it, and the row that it changes."""

from moderation.models import Site
from tests.samples import Customer


def fresh(of: Customer, made: Site) -> Site:
    with of.scope():
        return Site.objects.get(pk=made.pk)


def settings_of(of: Customer, made: Site) -> dict[str, str]:
    """The page's form as a browser would send it untouched."""
    form = of.client.get(of.url(f"sites/{made.site_identifier}")).context["form"]
    sliders = [form.detection]
    sliders += [slider for use in form.uses for slider in (use.approval, use.rejection)]
    return {"site_name": made.site_name, "config_version": str(made.config_version)} | {
        slider.name: str(slider.value) for slider in sliders
    }
