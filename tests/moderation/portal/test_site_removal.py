from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEvent, Role
from moderation.models import Site
from musenest.common import tenancy
from tests.samples import Customer, customer, member, server, site

pytestmark = pytest.mark.django_db


def remove(of: Customer, about: Site) -> str:
    response = of.client.post(of.url(f"sites/{about}/delete"), {"name": about.site_identifier})
    return str(response.headers["Location"])


def restore(of: Customer, about: Site) -> int:
    return of.client.post(of.url(f"deleted-sites/{about.pk}/restore")).status_code


def test_removal_can_be_undone(acme: Customer, family: Site) -> None:
    text = acme.client.get(remove(acme, family)).text
    assert "Acme Family was deleted" in text
    assert acme.url(f"deleted-sites/{family.pk}/restore") in text
    assert acme.client.get(acme.url(f"sites/{family}")).status_code == 404
    assert restore(acme, family) == 302
    with acme.scope():
        after = Site.objects.get(pk=family.pk)
    assert (after.deleted_at, after.is_active, after.deployed_version_id) == (
        None,
        True,
        family.deployed_version_id,
    )
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="site.restored").count() == 1
    assert restore(acme, family) == 409


def test_list_names_what_can_be_brought_back(acme: Customer, family: Site) -> None:
    assert "state=deleted" not in acme.client.get(acme.url("sites")).text
    remove(acme, family)
    assert "state=deleted" in acme.client.get(acme.url("sites")).text
    text = acme.client.get(acme.url("sites?state=deleted")).text
    assert "Acme Family" in text
    assert acme.url(f"deleted-sites/{family.pk}/restore") in text
    viewer = member(acme, Role.VIEWER)
    assert "/restore" not in viewer.get(acme.url("sites?state=deleted")).text
    borealis = customer("Borealis")
    assert "Acme Family" not in borealis.client.get(borealis.url("sites?state=deleted")).text


def test_removal_is_final_after_a_day(acme: Customer, family: Site) -> None:
    address = remove(acme, family)
    with tenancy.staff():
        Site.objects.filter(pk=family.pk).update(deleted_at=timezone.now() - timedelta(days=1, minutes=1))
    assert "was deleted" not in acme.client.get(address).text
    assert "Acme Family" not in acme.client.get(acme.url("sites?state=deleted")).text
    assert restore(acme, family) == 404


def test_undo_gives_way_to_a_new_site_of_that_name(acme: Customer, family: Site) -> None:
    remove(acme, family)
    site(acme)
    assert restore(acme, family) == 409


def test_undo_needs_room_in_the_plan() -> None:
    small = customer("Small", tier="free")
    server()
    first = site(small, "first")
    remove(small, first)
    site(small, "second")
    assert restore(small, first) == 403


def test_stranger_and_viewer_undo_nothing(acme: Customer, family: Site) -> None:
    address = remove(acme, family)
    borealis = customer("Borealis")
    assert restore(borealis, family) == 404
    viewer = member(acme, Role.VIEWER)
    assert viewer.post(acme.url(f"deleted-sites/{family.pk}/restore")).status_code == 403
    query = address.split("?")[1]
    assert "was deleted" not in borealis.client.get(borealis.url(f"sites?{query}")).text


@pytest.mark.parametrize("removed", ["x", "", "00000000-0000-0000-0000-000000000000"])
def test_list_ignores_what_was_never_removed(acme: Customer, removed: str) -> None:
    assert acme.client.get(acme.url(f"sites?removed={removed}")).status_code == 200
