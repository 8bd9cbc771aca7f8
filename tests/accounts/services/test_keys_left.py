"""API keys of people who leave, are removed or disabled: told, and revoked where that is asked for."""

import pytest

from accounts.models import ApiKey, AuditEvent, Membership, Role
from accounts.selectors import api_keys as found
from accounts.services import api_keys, memberships, people
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import DeniedError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(acme: Customer) -> Membership:
    """An admin who has made a key and rotated the owner's; another that she made was rotated by the owner,
    and one is revoked.
    """
    anna = samples.membership(acme.organization, Role.ADMIN)
    with acme.scope():
        hers, theirs, rotated, ended = (
            api_keys.create(organization=acme.organization, name=name, scopes=["analyze"], by=by.actor)[0]
            for name, by in [
                ("hers", anna.person),
                ("theirs", acme.owner),
                ("rotated", acme.owner),
                ("ended", anna.person),
            ]
        )
        api_keys.rotate(key=rotated, by=anna.person.actor)
        api_keys.revoke(key=ended, by=acme.owner.actor)
        made_by_anna, _ = api_keys.create(
            organization=acme.organization, name="given on", scopes=["analyze"], by=anna.person.actor
        )
        api_keys.rotate(key=made_by_anna, by=acme.owner.actor)
    assert hers.maker == anna.person_id
    assert theirs.maker == acme.owner.pk
    return anna


def statuses(of: Customer) -> dict[str, str]:
    with of.scope():
        keys = found.of_organization(of.organization)
        return {key.name: key.maker_status for key in keys}  # type: ignore[attr-defined]  # annotated


def live(of: Customer) -> set[str]:
    with of.scope():
        return set(ApiKey.objects.usable().values_list("name", flat=True))


def last_changes(action: str) -> dict[str, object]:
    with tenancy.staff():
        changes: dict[str, object] = AuditEvent.objects.filter(action=action).latest("pk").changes
        return changes


def test_a_removal_says_how_many_keys_go_on_working(acme: Customer, anna: Membership) -> None:
    with acme.scope():
        ended = memberships.remove(membership=anna, by=acme.owner.actor)

    assert (ended.live_keys, ended.revoked_keys) == (2, 0)
    assert live(acme) == {"hers", "theirs", "rotated", "given on"}
    assert last_changes("membership.removed")["live_api_keys"] == 2
    assert statuses(acme) == {
        "hers": "former", "rotated": "former", "ended": "former", "theirs": "member", "given on": "member",
    }  # fmt: skip


def test_they_are_revoked_where_that_is_asked_for(acme: Customer, anna: Membership) -> None:
    with acme.scope():
        ended = memberships.remove(membership=anna, by=acme.owner.actor, revoke_keys=True)

    assert (ended.live_keys, ended.revoked_keys) == (0, 2)
    assert live(acme) == {"theirs", "given on"}
    assert last_changes("membership.removed")["revoked_api_keys"] == 2


def test_who_leaves_may_revoke_them_too(acme: Customer, anna: Membership) -> None:
    with acme.scope():
        ended = memberships.leave(organization=acme.organization, person=anna.person, revoke_keys=True)

    assert ended.revoked_keys == 2
    assert last_changes("membership.left")["revoked_api_keys"] == 2


def test_who_revokes_no_keys_does_not_by_leaving(acme: Customer, anna: Membership) -> None:
    with tenancy.staff():
        Membership.objects.filter(pk=anna.pk).update(role=Role.VIEWER)

    with acme.scope(), pytest.raises(DeniedError):
        memberships.leave(organization=acme.organization, person=anna.person, revoke_keys=True)

    assert "hers" in live(acme)
    with tenancy.staff():
        assert Membership.objects.filter(pk=anna.pk).exists()


def demote(acme: Customer, anna: Membership, role: str, *, revoke_keys: bool) -> memberships.KeysLeft:
    """Who has made a key that deploys, too."""
    with acme.scope():
        api_keys.create(
            organization=acme.organization, name="deploys", scopes=["deploy"], by=anna.person.actor
        )
        api_keys.create(
            organization=acme.organization, name="reads", scopes=["sites:read"], by=anna.person.actor
        )
        return memberships.change_role(
            membership=anna, role=role, by=acme.owner.actor, revoke_keys=revoke_keys
        )


def test_a_demotion_says_how_many_keys_open_more_than_the_role(acme: Customer, anna: Membership) -> None:
    left = demote(acme, anna, Role.VIEWER, revoke_keys=False)

    assert (left.live_keys, left.revoked_keys) == (3, 0)
    assert live(acme) == {"hers", "theirs", "rotated", "given on", "deploys", "reads"}
    assert last_changes("membership.role_changed")["live_api_keys"] == 3


def test_those_are_revoked_where_that_is_asked_for(acme: Customer, anna: Membership) -> None:
    left = demote(acme, anna, Role.VIEWER, revoke_keys=True)

    assert (left.live_keys, left.revoked_keys) == (0, 3)
    assert live(acme) == {"theirs", "given on", "reads"}
    assert last_changes("membership.role_changed")["revoked_api_keys"] == 3


def test_keys_within_the_new_role_stay(acme: Customer, anna: Membership) -> None:
    left = demote(acme, anna, Role.MEMBER, revoke_keys=True)

    assert (left.live_keys, left.revoked_keys) == (0, 0)
    assert {"hers", "deploys", "reads"} <= live(acme)
    assert last_changes("membership.role_changed") == {"role": [Role.ADMIN, Role.MEMBER]}


def test_keys_of_another_organization_stay(acme: Customer, anna: Membership) -> None:
    other = samples.customer("Borealis")
    with tenancy.staff():
        Membership.objects.create(organization=other.organization, person=anna.person, role=Role.ADMIN)
    with other.scope():
        api_keys.create(organization=other.organization, name="far", scopes=["analyze"], by=anna.person.actor)

    with acme.scope():
        memberships.remove(membership=anna, by=acme.owner.actor, revoke_keys=True)

    assert live(other) == {"far"}


def test_of_somebody_disabled_the_organization_is_told(acme: Customer, anna: Membership) -> None:
    people.disable(person=anna.person, by=SYSTEM)

    assert statuses(acme)["hers"] == "disabled"
    with acme.scope():
        told = AuditEvent.objects.filter(action="api_key.maker_disabled")
        assert {event.target_label.split()[0] for event in told} == {"hers", "rotated"}
    assert last_changes("person.disabled") == {"live_api_keys": 2}


def test_a_key_that_nobody_made_has_no_maker(acme: Customer) -> None:
    with acme.scope():
        api_keys.create(organization=acme.organization, name="system", scopes=["analyze"], by=SYSTEM)

    assert statuses(acme) == {"system": "unknown"}
