"""People in the admin: made by the service, their password never shown."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Organization, Person
from musenest.common import tenancy
from tests import samples

ADD = "/admin/accounts/person/add/"
NEW = {"email": "New@Customer.example", "name": "New", "password": samples.PASSWORD}
ACTIONS = ("enable", "disable")


def found(email: str) -> Person | None:
    with tenancy.staff():
        return Person.objects.filter(email=email).first()


def test_adding_makes_a_person_who_can_sign_in_and_records_it(staff: Client) -> None:
    staff.post(ADD, NEW)

    person = found("new@customer.example")
    assert person is not None
    assert person.check_password(samples.PASSWORD)
    assert not person.is_staff
    with tenancy.staff():
        event = AuditEvent.objects.get(action="person.created", target_id=str(person.pk))
    assert event.actor_label == "staff@musenest.example"


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"password": "12345678"}, "too common"), ({"email": "STAFF@musenest.example"}, "already exists"),
     ({"password": "new@customer.example"}, "too similar")],
)  # fmt: skip
def test_what_is_refused_stands_at_the_form(changed: dict[str, str], told: str, staff: Client) -> None:
    answer = staff.post(ADD, NEW | changed)

    assert answer.status_code == 200
    assert told in answer.text
    assert found("new@customer.example") is None


def test_a_person_is_looked_at_without_the_password(staff: Client) -> None:
    staff.post(ADD, NEW)
    person = found("new@customer.example")
    assert person is not None

    page = staff.get(reverse("admin:accounts_person_change", args=[person.pk])).text

    assert "new@customer.example" in page
    assert person.password not in page
    assert 'type="password"' not in page
    assert staff.get(f"/admin/accounts/person/{person.pk}/password/").status_code in (302, 404)


def answered(client: Client, person: Person, action: str) -> Any:
    """What the answer to the button's question led to."""
    address = reverse(f"admin:accounts_person_{action}", args=[person.pk])
    return client.post(address, {"_form_submitted": "True"}, headers={"HX-Request": "true"})


def is_active(person: Person) -> bool:
    with tenancy.staff():
        return Person.objects.get(pk=person.pk).is_active


def test_staff_disable_a_person_and_enable_it_again(staff: Client) -> None:
    acme = samples.customer("Acme")
    page = reverse("admin:accounts_person_change", args=[acme.owner.pk])
    enable, disable = (reverse(f"admin:accounts_person_{act}", args=[acme.owner.pk]) for act in ACTIONS)

    assert (disable in staff.get(page).text, enable in staff.get(page).text) == (True, False)
    answered(staff, acme.owner, "disable")

    assert not is_active(acme.owner)
    assert acme.client.get(acme.url("team")).status_code == 302, "at the next request"
    assert (disable in staff.get(page).text, enable in staff.get(page).text) == (False, True)
    answered(staff, acme.owner, "enable")

    assert is_active(acme.owner)
    with tenancy.staff():
        told = AuditEvent.objects.filter(target_id=str(acme.owner.pk)).order_by("pk")
        last = list(told.values_list("action", "actor_label"))[-2:]
    by = "staff@musenest.example"
    assert last == [("person.disabled", by), ("person.enabled", by)]


def test_staff_do_not_disable_themselves(staff: Client) -> None:
    myself = found("staff@musenest.example")
    assert myself is not None

    answered(staff, myself, "disable")

    page = staff.get(reverse("admin:accounts_person_change", args=[myself.pk])).text
    assert "You cannot disable yourself." in page
    assert is_active(myself)


def test_nobody_is_disabled_without_a_proof_or_by_others(staff: Client) -> None:
    acme, stranger = samples.customer("Acme"), samples.customer("Stranger")
    stale = samples.signed_in(samples.person(is_staff=True), seconds_ago=16 * 60)

    asked = answered(stale, acme.owner, "disable")

    assert "/confirm?next=" in asked["HX-Redirect"]
    assert answered(stranger.client, acme.owner, "disable").status_code in (302, 403, 404)
    assert is_active(acme.owner)


def test_an_organization_is_made_with_its_owner_and_its_subscription(staff: Client) -> None:
    staff.post(ADD, NEW)

    values = {"name": "Acme", "owner": "new@customer.example", "region": "eu"}
    answer = staff.post(reverse("admin:accounts_organization_add"), values, follow=True)

    assert answer.status_code == 200
    with tenancy.staff():
        organization = Organization.objects.get()
        owner = Membership.objects.get(organization=organization)
    assert (organization.slug, organization.email) == ("acme", "new@customer.example")
    assert owner.role == "owner"


def test_an_owner_who_does_not_exist_is_told_at_the_form(staff: Client) -> None:
    values = {"name": "Acme", "owner": "nobody@customer.example", "region": "eu"}

    answer = staff.post(reverse("admin:accounts_organization_add"), values)

    assert "There is no such person." in answer.text


def test_staff_cannot_grant_child_safety(staff: Client) -> None:
    made = samples.world("First")
    with tenancy.staff():
        membership = Membership.objects.filter(organization=made.organization).latest("id")

    answer = staff.post(
        reverse("admin:accounts_membership_change", args=[membership.pk]), {"has_child_safety": "on"}
    )
    form = staff.get(reverse("admin:accounts_membership_add"))

    assert answer.status_code == 403
    assert "has_child_safety" not in form.context["adminform"].form.fields


@pytest.mark.parametrize("lookup", ["password__startswith", "password", "email__startswith"])
def test_no_lookup_reads_what_no_filter_offers(lookup: str, staff: Client) -> None:
    """By a prefix that finds rows or none, a hash could be read letter by letter."""
    assert staff.get("/admin/accounts/person/", {lookup: "s"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/admin/accounts/person/?q=%00",
        "/admin/common/schedule/%00/change/",
        "/admin/autocomplete/?app_label=moderation&model_name=site&field_name=server&term=%00",
    ],
)
def test_a_null_byte_is_refused(path: str, staff: Client) -> None:
    assert staff.get(path).status_code == 400
