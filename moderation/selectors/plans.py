"""The dry run of a deployment: what would change and what speaks against it. Sends nothing, saves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from moderation.domain.changes import Change, changes
from moderation.models import Attestation, Server, Site
from moderation.selectors import attestations, configurations
from moderation.selectors.configurations import Configuration

# The use that shows what the adult template shows, whatever template a site stands on (REQUIREMENTS.md, 28).
ADULT_INTENT = "paysite"
NEEDS_CAPTIONS = gettext_noop(
    "%(site)s needs a server that captions pictures, and this one does not. Ask the operator to switch it on."
)
SERVER_INACTIVE = gettext_noop("The server %(server)s is switched off.")


@dataclass(frozen=True)
class Conflict:
    """Something that must be settled before the site can be deployed."""

    code: str
    message: str

    def payload(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True)
class Plan:
    configuration: Configuration
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    attestation: Attestation | None = None  # where the site needs one and it was made

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
            "warnings": [warning.payload() for warning in self.configuration.warnings],
            "conflicts": [conflict.payload() for conflict in self.conflicts],
        }


def of_site(site: Site) -> Plan:
    """What deploying the site as it is saved would do. Raises InvalidError when its configuration is
    invalid.
    """
    return of_configuration(site, configurations.of_site(site))


def of_configuration(site: Site, configuration: Configuration) -> Plan:
    version = site.deployed_version
    before: Mapping[str, Any] = version.documents if version else {}
    after = configuration.effective.documents
    found = (*change_of_server(site), *changes(before, after, configuration.effective.sources))
    needs_one = needs_attestation(site, configuration)
    attestation = attestations.in_force(site.organization_id) if needs_one else None
    return Plan(configuration, found, tuple(conflicts_of(site, configuration, attestation)), attestation)


def change_of_server(site: Site) -> tuple[Change, ...]:
    """The move to another server, which is a change even where no figure is."""
    if site.deployed_version is None or site.server_id == site.deployed_server_id:
        return ()
    names = [server.name if server else None for server in (site.deployed_server, site.server)]
    return (Change("server", names[0], names[1], "site"),)


def shows_adult(configuration: Configuration) -> bool:
    return ADULT_INTENT in configuration.effective.documents["usage_intents"]


def needs_attestation(site: Site, configuration: Configuration) -> bool:
    return site.industry_template.needs_attestation or shows_adult(configuration)


def conflicts_of(site: Site, configuration: Configuration, attestation: Attestation | None) -> list[Conflict]:
    found = [*conflicts_of_server(site.server)]
    if attestation is None and needs_attestation(site, configuration):
        found.append(
            Conflict(
                "ATTESTATION_MISSING",
                "The owner must first state that ages and consent are on record for what this site shows.",
            )
        )
    if (site.industry_template.needs_blip or shows_adult(configuration)) and not captions(site.server):
        found.append(Conflict("NEEDS_CAPTIONS", NEEDS_CAPTIONS % {"site": site}))
    return found


def conflicts_of_server(server: Server | None) -> list[Conflict]:
    if server is None:
        return [Conflict("NO_SERVER", "No moderation server has room for this site. Ask the operator.")]
    if not server.is_active:
        return [Conflict("SERVER_INACTIVE", SERVER_INACTIVE % {"server": server})]
    return []


def captions(server: Server | None) -> bool:
    return server is not None and server.is_blip_available
