"""Every page of the team, the keys, the audit trail and the settings: who gets which answer."""

from dataclasses import dataclass

import pytest
from django.test import Client

from accounts import rules
from accounts.models import Role
from accounts.services import api_keys, invitations
from musenest.common.actors import SYSTEM
from tests import samples
from tests.samples import Customer, customer, member, signed_in

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Page:
    """An address under `/o/<slug>/`, the permission that it needs, and what whoever has it is answered."""

    method: str
    path: str
    permission: str
    status: int


PAGES = [
    Page("get", "team", "members:read", 200),
    Page("post", "team/invite", "members:write", 422),
    Page("post", "team/undo", "members:write", 409),
    Page("get", "team/transfer", "organization:transfer", 200),
    Page("post", "team/transfer", "organization:transfer", 422),
    Page("get", "team/members/{member}", "members:write", 200),
    Page("post", "team/members/{member}/role", "members:write", 422),
    Page("post", "team/members/{member}/child-safety", "child_safety:grant", 302),
    Page("post", "team/members/{member}/remove", "members:write", 302),
    Page("post", "team/invitations/{invitation}/resend", "members:write", 429),
    Page("post", "team/invitations/{invitation}/revoke", "members:write", 302),
    Page("get", "keys", "members:read", 200),
    Page("get", "keys/new", "api_keys:write", 200),
    Page("post", "keys/new", "api_keys:write", 422),
    Page("post", "keys/{key}/rotate", "api_keys:write", 201),
    Page("post", "keys/{key}/revoke", "api_keys:write", 302),
    Page("get", "quick-start", "sites:read", 200),
    Page("get", "audit", "audit:read", 200),
    Page("get", "settings", "members:read", 200),
    Page("post", "settings", "organization:write", 422),
    Page("get", "settings/profile", "members:read", 200),
    Page("post", "settings/profile", "members:read", 422),
]
NAMES = [f"{page.method} {page.path}" for page in PAGES]


def url_of(page: Page, of: Customer) -> str:
    viewer = samples.membership(of.organization, Role.VIEWER)
    with of.scope():
        key, _ = api_keys.create(organization=of.organization, name="CI", scopes=["analyze"], by=SYSTEM)
        sent = invitations.invite(
            organization=of.organization, email="dora@people.test", role=Role.VIEWER, by=SYSTEM
        )
    return of.url(page.path.format(member=viewer.person_id, key=key.pk, invitation=sent.pk))


def answer(client: Client, page: Page, url: str) -> int:
    # A form that says nothing: what is refused must be refused before it is read.
    return int(
        getattr(client, page.method)(url, {"nothing": "said"} if page.method == "post" else {}).status_code
    )


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
@pytest.mark.parametrize("role", list(Role))
def test_each_role(acme: Customer, page: Page, role: Role) -> None:
    has = page.permission in rules.permissions_of_role(role, has_child_safety=False)
    client = acme.client if role == Role.OWNER else member(acme, role)
    assert answer(client, page, url_of(page, acme)) == (page.status if has else 403)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_stranger_and_nobody(acme: Customer, page: Page) -> None:
    url = url_of(page, acme)
    assert answer(customer("Borealis").client, page, url) == 404
    assert answer(signed_in(samples.person()), page, url) == 404
    assert answer(Client(), page, url) == 302
