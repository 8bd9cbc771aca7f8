"""Servers, templates, sites, deployments and decisions in the admin."""

from moderation.admin import (  # noqa: F401 -- registers
    attestations,
    captions,
    decisions,
    deployments,
    removals,
    servers,
    sites,
    templates,
    versions,
)
