from moderation.models.attestations import Attestation
from moderation.models.captions import CaptionRequest
from moderation.models.decisions import Decision, DecisionEvent, DecisionKind
from moderation.models.deployments import Deployment, DeploymentStatus
from moderation.models.removals import SiteRemoval
from moderation.models.servers import Adapter, Server, ServerStatus
from moderation.models.sites import Site, SiteStatus
from moderation.models.templates import Template, TemplateVersion
from moderation.models.versions import ConfigurationVersion

__all__ = [
    "Adapter",
    "Attestation",
    "CaptionRequest",
    "ConfigurationVersion",
    "Decision",
    "DecisionEvent",
    "DecisionKind",
    "Deployment",
    "DeploymentStatus",
    "Server",
    "ServerStatus",
    "Site",
    "SiteRemoval",
    "SiteStatus",
    "Template",
    "TemplateVersion",
]
