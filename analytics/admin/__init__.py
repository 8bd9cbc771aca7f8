"""Registers the admin of this app's models."""

from analytics.admin import rollups  # noqa: F401 -- registers
