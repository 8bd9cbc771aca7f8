from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.domain import api_keys as key_format
from accounts.models import ApiKey, AuditEvent, Organization
from accounts.selectors import callers
from accounts.services import api_keys
from musenest.common import entitlements, tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, InvalidError, NotSignedInError
from tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(monkeypatch: pytest.MonkeyPatch) -> Organization:
    """One whose tier allows keys: what tiers allow is billing's."""

    class Allowing:
        def require(self, organization: Any, feature: str) -> None:
            assert feature == "api_keys"

    monkeypatch.setattr(entitlements, "_provider", Allowing())
    return samples.organization()


def create(organization: Organization, **more: Any) -> tuple[ApiKey, str]:
    with tenancy.organization(organization.pk):
        return api_keys.create(
            organization=organization, name="CI", **{"by": SYSTEM, "scopes": ["deploy", "sites:read"], **more}
        )


def test_a_key_is_shown_once_and_kept_as_a_hash(organization: Organization) -> None:
    key, text = create(organization)

    with tenancy.staff(), connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(k)::text FROM api_keys k")
        row = cursor.fetchone()[0]
        changes = AuditEvent.objects.get(action="api_key.created").changes
    assert text not in row
    assert key.last_four == text[-4:]
    assert changes == {"scopes": ["deploy", "sites:read"], "mode": "live"}


def test_a_key_speaks_for_its_organization_with_its_scopes(organization: Organization) -> None:
    key, text = create(organization, mode="test")

    caller = callers.of_api_key(text)

    assert (caller.organization, caller.actor.id, caller.mode) == (organization, str(key.pk), "test")
    assert caller.permissions == {"deploy", "sites:read"}
    assert not caller.is_staff


def test_an_unknown_scope_is_refused(organization: Organization) -> None:
    with pytest.raises(InvalidError) as caught:
        create(organization, scopes=["deploy", "everything"])

    assert caught.value.code == "SCOPE_UNKNOWN"


def test_a_tier_without_keys_makes_none(organization: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def require(self, organization: Any, feature: str) -> None:
            raise DeniedError("Not in your plan.")

    monkeypatch.setattr(entitlements, "_provider", Refusing())

    with pytest.raises(DeniedError):
        create(organization)
    with tenancy.staff():
        assert not ApiKey.objects.exists()


def test_a_revoked_key_is_refused_and_revoking_is_recorded_once(organization: Organization) -> None:
    key, text = create(organization)
    with tenancy.organization(organization.pk):
        assert api_keys.revoke(key=key, by=SYSTEM).is_revoked
        api_keys.revoke(key=key, by=SYSTEM)

    with pytest.raises(NotSignedInError):
        callers.of_api_key(text)
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="api_key.revoked").count() == 1


def test_an_expired_key_is_refused(organization: Organization) -> None:
    key, text = create(organization)
    with tenancy.staff():
        ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(NotSignedInError):
        callers.of_api_key(text)


def test_an_unknown_key_is_refused_and_a_mistyped_one_without_a_query(
    organization: Organization, django_assert_num_queries: Any
) -> None:
    with pytest.raises(NotSignedInError):
        callers.of_api_key(key_format.generate("live"))
    with django_assert_num_queries(0), pytest.raises(NotSignedInError):
        callers.of_api_key("mn_live_" + "a" * 38)


def test_the_last_use_is_written_once_a_minute(organization: Organization) -> None:
    """PostgreSQL's clock counts here, so the row is made older instead of the clock later."""
    key, text = create(organization)

    def used_at(age: float) -> Any:
        with tenancy.staff():
            before = timezone.now() - timedelta(seconds=age)
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=before)
        callers.of_api_key(text)
        with tenancy.staff():
            return ApiKey.objects.get(pk=key.pk).last_used_at != before

    callers.of_api_key(text)
    with tenancy.staff():
        assert ApiKey.objects.get(pk=key.pk).last_used_at is not None
    assert not used_at(30)
    assert used_at(90)


def test_a_rotated_key_keeps_its_row_and_ends_the_one_before(organization: Organization) -> None:
    key, first = create(organization)
    with tenancy.organization(organization.pk):
        rotated, second = api_keys.rotate(key=key, by=SYSTEM)

    assert (rotated.pk, rotated.last_four) == (key.pk, second[-4:])
    assert callers.of_api_key(second).organization == organization
    with pytest.raises(NotSignedInError):
        callers.of_api_key(first)
    with tenancy.staff():
        assert AuditEvent.objects.get(action="api_key.rotated").changes == {
            "last_four": [first[-4:], second[-4:]]
        }


def test_a_key_that_has_ended_is_not_rotated(organization: Organization) -> None:
    revoked, _ = create(organization)
    expired, _ = create(organization)
    with tenancy.organization(organization.pk):
        api_keys.revoke(key=revoked, by=SYSTEM)
        ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
        for key in (revoked, expired):
            with pytest.raises(ConflictError):
                api_keys.rotate(key=key, by=SYSTEM)


@pytest.mark.parametrize(
    ("role", "beyond"), [("viewer", "deploy"), ("reviewer", "sites:write"), ("member", ""), ("admin", "")]
)
def test_nobody_gives_a_key_more_than_he_has(organization: Organization, role: str, beyond: str) -> None:
    who = samples.membership(organization, role).person
    if not beyond:
        assert create(organization, by=who.actor)[0].scopes == ["deploy", "sites:read"]
        return

    with pytest.raises(DeniedError) as caught:
        create(organization, by=who.actor, scopes=[beyond])
    assert caught.value.code == "SCOPE_BEYOND_YOURS"


def test_a_key_does_not_end_in_the_past(organization: Organization) -> None:
    with pytest.raises(InvalidError):
        create(organization, expires_at=timezone.now())
