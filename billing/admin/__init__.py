"""Tiers, subscriptions and usage in the admin."""

from billing.admin import subscriptions, tiers, usage  # noqa: F401 -- registers
