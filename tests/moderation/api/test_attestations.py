"""The owner's statement through HTTP: an adult site goes live by the API alone."""

import pytest

from accounts.models import AuditEvent, Role
from moderation.domain import attestations
from moderation.models import Attestation, Server, Site
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db

ADULT = f"{api.SITES}/acme-adult"
ADDRESS = f"{ADULT}/attestation"


@pytest.fixture
def adult(acme: Customer) -> Site:
    samples.server(is_blip_available=True)
    made = samples.site(acme, "acme-adult", "adult_18")
    with acme.scope():
        Site.objects.update(server=Server.objects.get(is_blip_available=True))
    return made


def test_an_owner_reads_it_states_it_and_deploys(acme: Customer, adult: Site) -> None:
    client = api.owner(acme)
    assert api.code(client.post(f"{ADULT}/deploy"), 409) == "ATTESTATION_MISSING"
    read = api.data(client.get(ADDRESS))
    assert read == {
        "wording_version": 1,
        "wording": attestations.WORDING,
        "is_stated": False,
        "stated_by": "",
        "stated_at": None,
    }

    stated = api.data(client.post(ADDRESS, {"wording_version": read["wording_version"]}), 201)

    assert (stated["is_stated"], stated["stated_by"]) == (True, acme.owner.email)
    assert api.data(client.get(ADDRESS)) == stated
    api.data(client.post(f"{ADULT}/deploy"), 202)
    with acme.scope():
        event = AuditEvent.objects.get(action="attestation.made")
    assert event.actor_label == acme.owner.email


def test_another_wording_must_be_read_first_and_it_is_stated_once(acme: Customer, adult: Site) -> None:
    client = api.owner(acme)

    assert api.code(client.post(ADDRESS, {"wording_version": 2}), 409) == "WORDING_CHANGED"
    assert api.code(client.post(ADDRESS, {}), 422) == "VALIDATION_ERROR"
    client.post(ADDRESS, {"wording_version": 1})
    assert api.code(client.post(ADDRESS, {"wording_version": 1}), 409) == "ATTESTATION_EXISTS"


def test_a_new_wording_is_stated_anew(acme: Customer, adult: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = api.owner(acme)
    client.post(ADDRESS, {"wording_version": 1})
    monkeypatch.setattr(attestations, "WORDING_VERSION", 2)

    assert api.data(client.get(ADDRESS))["is_stated"] is False
    assert api.code(client.post(f"{ADULT}/deploy"), 409) == "ATTESTATION_MISSING"
    api.data(client.post(ADDRESS, {"wording_version": 2}), 201)

    api.data(client.post(f"{ADULT}/deploy"), 202)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MEMBER, Role.REVIEWER, Role.VIEWER])
def test_only_an_owner_states_it_and_everybody_reads_it(acme: Customer, adult: Site, role: Role) -> None:
    client = api.member(acme, role)

    assert api.data(client.get(ADDRESS))["wording"] == attestations.WORDING
    denied = api.error(client.post(ADDRESS, {"wording_version": 1}), 403)
    assert denied["details"]["permission"] == "attest"


@pytest.mark.parametrize("mode", ["live", "test"])
def test_a_key_reads_it_and_states_nothing(acme: Customer, adult: Site, mode: str) -> None:
    client = api.with_key(acme, "sites:read", "sites:write", "deploy", mode=mode)

    assert api.data(client.get(ADDRESS))["is_stated"] is False
    assert api.code(client.post(ADDRESS, {"wording_version": 1}), 403) == "PERSON_NEEDED"
    with acme.scope():
        assert not Attestation.objects.exists()


def test_a_stranger_states_nothing_for_others(acme: Customer, adult: Site, stranger: Customer) -> None:
    client = api.owner(stranger)

    assert api.code(client.get(ADDRESS), 404) == "SITE_UNKNOWN"
    assert api.code(client.post(ADDRESS, {"wording_version": 1}), 404) == "SITE_UNKNOWN"
    assert api.code(api.anonymous().post(ADDRESS, {"wording_version": 1}), 401) == "NOT_SIGNED_IN"
    api.data(client.post(f"{api.SITES}/theirs/attestation", {"wording_version": 1}), 201)
    assert api.data(api.owner(acme).get(ADDRESS))["is_stated"] is False
