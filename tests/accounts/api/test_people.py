"""People through HTTP: one's profile, oneself, and everybody for staff."""

from typing import Any

import pytest

from accounts.models import AuditEvent, Person, Profile
from musenest.common import tenancy
from tests import samples
from tests.samples import PASSWORD, Customer, api, signed_in

pytestmark = pytest.mark.django_db

PROFILE, PEOPLE = "/api/users/profile", "/api/users"


def fresh(person: Person) -> Person:
    with tenancy.staff():
        return Person.objects.get(pk=person.pk)


def about(person: Person) -> str:
    return f"{PEOPLE}/{person.pk}"


def test_the_profile_of_somebody_who_changed_nothing(acme: Customer) -> None:
    found = api.data(api.owner(acme).get(PROFILE))

    assert (found["email"], found["preferences"], found["has_v0_api_key"]) == (acme.owner.email, {}, False)


@pytest.mark.parametrize("method", ["put", "patch"])
def test_the_profile_changes_by_what_is_named(acme: Customer, method: str) -> None:
    body = {"name": "Anna", "timeZone": "Europe/Berlin", "preferences": {"theme": "dark"}}

    found = api.data(getattr(api.owner(acme), method)(PROFILE, body))

    assert (found["name"], found["time_zone"], found["locale"]) == ("Anna", "Europe/Berlin", "en")
    assert api.data(api.owner(acme).get(PROFILE))["preferences"] == {"theme": "dark"}
    with tenancy.staff():
        assert AuditEvent.objects.get(action="person.updated").changes["name"] == ["", "Anna"]


def test_a_provider_key_goes_in_and_never_comes_out(acme: Customer) -> None:
    answer = api.owner(acme).put(PROFILE, {"v0ApiKey": "v0-secret", "preferences": {}})

    assert api.data(answer)["has_v0_api_key"] is True
    assert "v0-secret" not in answer.content.decode()
    with tenancy.staff():
        assert Profile.objects.get().v0_api_key == "v0-secret"
        assert not Profile.objects.filter(v0_api_key__contains="secret").exists()
        assert AuditEvent.objects.get(action="person.updated").changes == {"v0_api_key": "set"}
    assert api.data(api.owner(acme).patch(PROFILE, {"v0_api_key": ""}))["has_v0_api_key"] is False


@pytest.mark.parametrize("method", ["put", "patch"])
@pytest.mark.parametrize("value", ["v0-secret", ""])
def test_a_provider_key_needs_a_fresh_sign_in_and_a_name_does_not(
    acme: Customer, method: str, value: str
) -> None:
    send = getattr(signed_in(acme.owner, seconds_ago=16 * 60), method)
    json = "application/json"

    assert api.code(send(PROFILE, {"v0ApiKey": value}, content_type=json), 403) == "STEP_UP_REQUIRED"
    assert api.data(send(PROFILE, {"name": "Anna"}, content_type=json))["name"] == "Anna"
    with tenancy.staff():
        assert not Profile.objects.exclude(v0_api_key="").exists()


@pytest.mark.parametrize(
    "body",
    [
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"locale": "xx"},
        {"preferences": []},
        {"preferences": {"x": "y" * 5000}},
        {"email": "other@people.test"},
        {"is_staff": True},
        {"organization": "other"},
    ],
)
def test_what_is_wrong_in_a_profile_is_refused_in_words(acme: Customer, body: dict[str, Any]) -> None:
    assert api.error(api.owner(acme).patch(PROFILE, body), 422)["message"]
    assert not fresh(acme.owner).is_staff


def test_a_key_has_no_profile(acme: Customer) -> None:
    assert api.code(api.with_key(acme, "sites:read").get(PROFILE), 403) == "PERSON_NEEDED"


def test_one_sees_and_changes_oneself_and_nobody_else(acme: Customer) -> None:
    fellow = api.member(acme, "admin")
    stranger = samples.customer("Stranger").owner

    assert api.data(api.owner(acme).get(about(acme.owner)))["is_active"] is True
    assert api.data(api.owner(acme).patch(about(acme.owner), {"name": "Anna"}))["name"] == "Anna"
    for client, whom in ((fellow, acme.owner), (api.owner(acme), stranger)):
        for method in ("get", "patch", "put", "delete"):
            assert getattr(client, method)(about(whom), {}).status_code == 404
    assert fresh(stranger).is_active


def test_nobody_makes_himself_more_than_he_is(acme: Customer) -> None:
    for field in ("is_active", "is_staff", "is_superuser", "email", "id"):
        body = {field: True}
        assert api.code(api.owner(acme).patch(about(acme.owner), body), 422) == "UNKNOWN_FIELD"
    assert api.code(api.owner(acme).delete(about(acme.owner)), 409) == "CANNOT_DISABLE_YOURSELF"


def test_staff_disable_from_the_next_request_on_and_enable(acme: Customer) -> None:
    staff, theirs = api.staff(), api.owner(acme)
    assert theirs.get(PROFILE).status_code == 200

    assert staff.delete(about(acme.owner)).status_code == 204
    assert api.code(theirs.get(PROFILE), 401) == "INVALID_TOKEN"
    assert acme.client.get("/organizations").status_code == 302

    assert api.data(staff.patch(about(acme.owner), {"is_active": True}))["is_active"] is True
    assert theirs.get(PROFILE).status_code == 401, "what was ended stays ended"
    assert acme.client.get("/organizations").status_code == 302
    signed_in = api.anonymous().post("/api/auth/login", {"email": acme.owner.email, "password": PASSWORD})
    assert signed_in.status_code == 200
    with tenancy.staff():
        actions = AuditEvent.objects.filter(target_id=str(acme.owner.pk)).values_list("action", flat=True)
        assert {"person.disabled", "person.enabled"} <= set(actions)


def test_staff_change_somebody_twice(acme: Customer) -> None:
    staff = api.staff()

    for name in ("Anna", "Ben"):
        assert api.data(staff.patch(about(acme.owner), {"name": name}))["name"] == name


def test_staff_make_people_and_list_them(acme: Customer) -> None:
    staff = api.staff()

    made = api.data(staff.post(PEOPLE, {"email": "New@People.test", "password": PASSWORD}), 201)

    assert (made["email"], made["is_staff"]) == ("new@people.test", False)
    (found,) = api.data(staff.get(PEOPLE, {"email": "new@"}))["results"]
    assert found == made
    assert api.data(staff.get(PEOPLE, {"is_active": "false"}))["results"] == []
    again = staff.post(PEOPLE, {"email": "new@people.test", "password": PASSWORD})
    assert api.code(again, 409) == "EMAIL_TAKEN"
    assert api.code(staff.post(PEOPLE, {"email": "a@b.test", "password": "short"}), 422) == "PASSWORD_WEAK"


@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_is_not_there_for_others(acme: Customer, method: str) -> None:
    for client in (api.owner(acme), api.with_key(acme, "sites:read")):
        assert getattr(client, method)(PEOPLE).status_code == 404
    assert getattr(api.anonymous(), method)(PEOPLE).status_code == 401


def test_staff_whose_session_is_not_fresh_change_nobody(acme: Customer) -> None:
    stale = signed_in(samples.staff_person(), seconds_ago=16 * 60)
    json = "application/json"

    for refused in (
        stale.patch(about(acme.owner), {"is_active": False}, content_type=json),
        stale.put(about(acme.owner), {"is_active": False}, content_type=json),
        stale.delete(about(acme.owner)),
    ):
        assert api.code(refused, 403) == "STEP_UP_REQUIRED"
    assert fresh(acme.owner).is_active


def test_ones_own_name_needs_no_fresh_session(acme: Customer) -> None:
    mine = signed_in(acme.owner, seconds_ago=16 * 60)

    answer = mine.patch(about(acme.owner), {"name": "Anna"}, content_type="application/json")

    assert api.data(answer)["name"] == "Anna"
