import pytest
from django.test import Client

from accounts.models import AuditEvent, Membership, Organization, Person, Role
from musenest.common import tenancy
from tests import samples
from tests.samples import Customer, member, signed_in

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Acme Pictures",
    "email": "bills@acme.test",
    "region": "us",
    "jurisdiction": "Germany",
    "contact": "privacy@acme.test",
}
PROFILE = {"name": "Anna", "locale": "de", "time_zone": "Europe/Berlin"}


def fresh(of: Customer) -> Organization:
    with of.scope():
        return Organization.objects.get(pk=of.organization.pk)


def fresh_person(of: Customer) -> Person:
    with of.scope():
        return Person.objects.get(pk=of.owner.pk)


def test_organization_is_saved_and_recorded(acme: Customer) -> None:
    response = acme.client.post(acme.url("settings"), FORM, follow=True)
    assert "Saved." in response.text
    found = fresh(acme)
    assert {name: getattr(found, name) for name in FORM} == FORM
    assert found.slug == acme.organization.slug
    with acme.scope():
        event = AuditEvent.objects.get(action="organization.updated")
    assert event.changes["name"] == ["Acme", "Acme Pictures"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"email": "nobody"}, "email"),
        ({"region": "moon"}, "region"),
        ({"jurisdiction": "x" * 65}, "jurisdiction"),
        ({"contact": "x" * 201}, "contact"),
    ],
)
def test_organization_says_what_is_wrong_at_its_field(
    acme: Customer, changed: dict[str, str], field: str
) -> None:
    response = acme.client.post(acme.url("settings"), FORM | changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert fresh(acme).name == "Acme"


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 302), (Role.ADMIN, 302), (Role.REVIEWER, 403), (Role.MEMBER, 403), (Role.VIEWER, 403)],
)
def test_organization_by_role(acme: Customer, role: str, status: int) -> None:
    client = member(acme, role)
    page = client.get(acme.url("settings"))
    assert page.status_code == 200
    assert ("You may look at these, not change them" in page.text) is (status == 403)
    assert client.post(acme.url("settings"), FORM).status_code == status
    assert (fresh(acme).name == "Acme Pictures") is (status == 302)


def test_fields_that_are_not_the_forms_change_nothing(acme: Customer) -> None:
    acme.client.post(acme.url("settings"), FORM | {"slug": "mine", "id": "1", "is_staff": "on"})
    assert fresh(acme).slug == acme.organization.slug


def test_stranger_finds_nothing(acme: Customer, borealis: Customer) -> None:
    for path in ("settings", "settings/profile"):
        assert borealis.client.get(acme.url(path)).status_code == 404
        assert borealis.client.post(acme.url(path), FORM | PROFILE).status_code == 404
    assert fresh(acme).name == "Acme"


def test_profile_is_saved_and_speaks_the_language(acme: Customer) -> None:
    assert acme.client.post(acme.url("settings/profile"), PROFILE).status_code == 302
    found = fresh_person(acme)
    assert {name: getattr(found, name) for name in PROFILE} == PROFILE
    page = acme.client.get(acme.url("settings/profile"))
    assert page.headers["Content-Language"] == "de"


def test_viewer_has_a_profile_too(acme: Customer) -> None:
    assert member(acme, Role.VIEWER).post(acme.url("settings/profile"), PROFILE).status_code == 302


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"locale": "xx"}, "locale"),
        ({"time_zone": "Moon/Base"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"name": "x" * 10_000}, "name"),
    ],
)
def test_profile_says_what_is_wrong_at_its_field(acme: Customer, changed: dict[str, str], field: str) -> None:
    response = acme.client.post(acme.url("settings/profile"), PROFILE | changed)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert fresh_person(acme).name == ""


@pytest.mark.parametrize("is_member", [True, False])
def test_another_organization_is_made_and_owned(acme: Customer, is_member: bool) -> None:
    person = acme.owner if is_member else samples.person()
    client = signed_in(person)
    assert client.get("/organizations/new").status_code == 200
    response = client.post("/organizations/new", {"name": "Second", "region": "eu"})
    with tenancy.staff():
        made = Organization.objects.get(name="Second")
        assert Membership.objects.get(organization=made).person == person
    assert response.headers["Location"] == f"/o/{made.slug}/"
    switcher = client.get(f"/organizations?current={made.slug}").text
    assert "Second" in switcher
    assert ("Acme" in switcher) is is_member
    assert "New organisation" in switcher


@pytest.mark.parametrize("name", ["", "x" * 10_000])
def test_another_organization_needs_a_name(acme: Customer, name: str) -> None:
    assert acme.client.post("/organizations/new", {"name": name, "region": "eu"}).status_code == 422


def test_switcher_tells_nothing_of_strangers(acme: Customer, borealis: Customer) -> None:
    assert "Acme" not in borealis.client.get(f"/organizations?current={acme.organization.slug}").text
    assert Client().get("/organizations").headers["Location"].startswith("/login")


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=1+1", "\N{RIGHT-TO-LEFT OVERRIDE}Acme", "A" * 120]
)
def test_any_name_is_harmless(acme: Customer, name: str) -> None:
    acme.client.post(acme.url("settings"), FORM | {"name": name})
    assert fresh(acme).name == name
    for path in (acme.url("settings"), acme.url("team"), "/organizations"):
        assert "<script>alert" not in acme.client.get(path).text
