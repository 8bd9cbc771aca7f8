"""What a site's configuration comes to: its template and its own documents, joined, translated and hashed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain import translation
from moderation.domain.effective import Effective, effective
from moderation.domain.errors import ConfigurationError
from moderation.domain.profiles import Profile, parse_profile
from moderation.domain.schemas import parse_complete
from moderation.domain.translation import Translation, Warning_
from moderation.models import Site, TemplateVersion
from musenest.common.errors import InvalidError


@dataclass(frozen=True)
class Configuration:
    """A configuration that could be deployed."""

    effective: Effective
    translation: Translation
    warnings: tuple[Warning_, ...]
    profile: Profile
    template_version: TemplateVersion

    @property
    def digest(self) -> str:
        return self.profile.digest

    @property
    def translator_version(self) -> str:
        return str(translation.TRANSLATOR_VERSION)


def of_site(site: Site) -> Configuration:
    """What the site's saved settings come to. Raises InvalidError with the path of everything that is
    wrong or missing.
    """
    return of_documents(site.documents, site.industry_template.latest)


def of_documents(documents: Mapping[str, Any], template_version: TemplateVersion) -> Configuration:
    """What these documents would come to over this version of a template; saves nothing."""
    try:
        joined = effective(template_version.documents, documents)
        complete = parse_complete(joined.documents)
        values = complete.as_dict()
        translated = translation.translate(values)
        profile = parse_profile(
            {
                "nudenet": translated.nudenet,
                "blip": translated.blip,
                "moderation_rules": values["moderation_rules"],
                "usage_intents": values["usage_intents"],
            }
        )
    except ConfigurationError as error:
        raise as_invalid(error) from error
    warnings = (*translated.warnings, *translation.server_warnings(values))
    return Configuration(joined, translated, tuple(dict.fromkeys(warnings)), profile, template_version)


def as_invalid(error: ConfigurationError) -> InvalidError:
    first = error.errors[0]
    return InvalidError(
        "%(field)s: %(reason)s",
        figures={"field": first.path, "reason": first.message},
        code="CONFIGURATION_INVALID",
        details={
            "errors": [
                {"path": item.path, "code": item.code, "message": item.message} for item in error.errors
            ],
            "field": first.path,
            "reason": first.message,
        },
    )
