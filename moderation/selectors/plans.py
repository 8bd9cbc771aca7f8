"""The dry run of a deployment: what would change and what speaks against it. Sends nothing, saves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moderation.domain.changes import Change, changes
from moderation.models import Attestation, Server, Site
from moderation.selectors import configurations
from moderation.selectors.configurations import Configuration


@dataclass(frozen=True)
class Conflict:
    """Something that must be settled before the site can be deployed."""

    code: str
    message: str


@dataclass(frozen=True)
class Plan:
    configuration: Configuration
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]

    @property
    def digest(self) -> str:
        return self.configuration.digest

    @property
    def has_changes(self) -> bool:
        return bool(self.changes)

    def payload(self) -> dict[str, Any]:
        """The plan as the API answers it (API.md)."""
        return {
            **self.configuration.profile.payload(),
            "digest": self.digest,
            "changes": [change.payload() for change in self.changes],
            "warnings": [
                {"code": warning.code, "path": warning.path, "message": warning.message}
                for warning in self.configuration.warnings
            ],
            "conflicts": [
                {"code": conflict.code, "message": conflict.message} for conflict in self.conflicts
            ],
        }


def of_site(site: Site) -> Plan:
    """What deploying the site as it is saved would do. Raises InvalidError when its configuration is invalid."""
    return of_configuration(site, configurations.of_site(site))


def of_configuration(site: Site, configuration: Configuration) -> Plan:
    version = site.deployed_version
    before: Mapping[str, Any] = version.documents if version else {}
    after = configuration.effective.documents
    found = changes(before, after, configuration.effective.sources)
    return Plan(configuration, found, tuple(conflicts_of(site)))


def conflicts_of(site: Site) -> list[Conflict]:
    template = site.industry_template
    found = []
    if site.server is None:
        found.append(Conflict("NO_SERVER", "No moderation server has room for this site. Ask the operator."))
    elif not site.server.is_active:
        found.append(Conflict("SERVER_INACTIVE", f"The server {site.server} is switched off."))
    if (
        template.needs_attestation
        and not Attestation.objects.filter(organization_id=site.organization_id).exists()
    ):
        found.append(
            Conflict(
                "ATTESTATION_MISSING",
                "The owner must first state that ages and consent are on record for what this site shows.",
            )
        )
    if template.needs_blip and not captions(site.server):
        found.append(Conflict("NEEDS_CAPTIONS", f"{template} needs a server that captions pictures."))
    return found


def captions(server: Server | None) -> bool:
    return server is not None and server.is_blip_available
