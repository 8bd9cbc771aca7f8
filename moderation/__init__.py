"""Servers, templates, sites, deployments and decisions."""
