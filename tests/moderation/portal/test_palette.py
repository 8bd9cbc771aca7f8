import pytest

from accounts.models import Role
from tests.samples import Customer, member, site

pytestmark = pytest.mark.django_db


def test_palette_names_pages_below_the_menu_and_sites(acme: Customer) -> None:
    site(acme)
    text = acme.client.get(acme.url("palette")).text
    for page in (
        "new-site",
        "team#invite",
        "keys",
        "quick-start",
        "settings/profile",
        "audit",
        "sites/acme-family",
    ):
        assert f'href="{acme.url(page)}"' in text
    assert 'href="/settings/security"' in text
    assert 'href="/api/docs"' in text


def test_palette_of_a_viewer_names_what_they_may_open(acme: Customer) -> None:
    text = member(acme, Role.VIEWER).get(acme.url("palette")).text
    for page in ("new-site", "team#invite", "audit"):
        assert f'href="{acme.url(page)}"' not in text
    assert f'href="{acme.url("quick-start")}"' in text


def test_stranger_finds_no_palette(acme: Customer, borealis: Customer) -> None:
    site(acme)
    response = borealis.client.get(acme.url("palette"))
    assert response.status_code == 404
    assert "acme-family" not in response.text
