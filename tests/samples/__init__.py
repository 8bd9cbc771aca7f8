"""Rows that tests need, a module per noun, made by the services wherever there is one for it.

`from tests import samples` for rows and browsers; `from tests.samples import api` for programs.
"""

from tests.samples.browsers import signed_in
from tests.samples.decisions import caption_request, decision, hidden_decision, hidden_event
from tests.samples.deployments import end
from tests.samples.memberships import member, membership
from tests.samples.organizations import Customer, customer, organization
from tests.samples.people import MAKER, PASSWORD, person, staff_person
from tests.samples.servers import server
from tests.samples.sites import SHOP, deployed, site, sites_of
from tests.samples.templates import template
from tests.samples.trail import events, recorded
from tests.samples.webhooks import endpoint
from tests.samples.worlds import SECRET, World, world

__all__ = [
    "MAKER",
    "PASSWORD",
    "SECRET",
    "SHOP",
    "Customer",
    "World",
    "caption_request",
    "customer",
    "decision",
    "deployed",
    "end",
    "endpoint",
    "events",
    "hidden_decision",
    "hidden_event",
    "member",
    "membership",
    "organization",
    "person",
    "recorded",
    "server",
    "signed_in",
    "site",
    "sites_of",
    "staff_person",
    "template",
    "world",
]
