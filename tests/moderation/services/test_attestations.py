"""The owner's statement."""

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from moderation.domain import attestations as today
from moderation.models import Attestation
from moderation.selectors import plans
from moderation.services import attestations
from musenest.common.errors import ConflictError
from tests import samples

pytestmark = pytest.mark.django_db


def test_it_is_kept_in_the_wording_of_its_day_once() -> None:
    acme = samples.customer()
    with acme.scope():
        made = attestations.make(organization=acme.organization, wording_version=1, by=acme.owner.actor)
        assert (made.wording, made.wording_version, made.stated_by) == (
            today.WORDING,
            1,
            acme.owner.email,
        )
        with pytest.raises(ConflictError):
            attestations.make(organization=acme.organization, wording_version=1, by=acme.owner.actor)
        assert AuditEvent.objects.filter(action="attestation.made").count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Attestation.objects.all().delete()


def test_it_settles_the_conflict_of_its_own_organisation_only() -> None:
    acme, stranger = samples.customer(), samples.customer("Borealis")
    samples.server(is_blip_available=True)
    with stranger.scope():
        attestations.make(organization=stranger.organization, wording_version=1, by=stranger.owner.actor)
    site = samples.site(acme, "adult", "adult_18")
    with acme.scope():
        assert [conflict.code for conflict in plans.of_site(site).conflicts] == ["ATTESTATION_MISSING"]
        attestations.make(organization=acme.organization, wording_version=1, by=acme.owner.actor)
        assert plans.of_site(site).conflicts == ()


@pytest.mark.parametrize(("version", "still_missing"), [(1, True), (2, False), (3, False)])
def test_an_older_wording_settles_nothing(
    monkeypatch: pytest.MonkeyPatch, version: int, *, still_missing: bool
) -> None:
    acme = samples.customer()
    samples.server(is_blip_available=True)
    site = samples.site(acme, "adult", "adult_18")
    monkeypatch.setattr(today, "WORDING_VERSION", version)
    with acme.scope():
        attestations.make(organization=acme.organization, wording_version=version, by=acme.owner.actor)
        monkeypatch.setattr(today, "WORDING_VERSION", 2)
        codes = [conflict.code for conflict in plans.of_site(site).conflicts]
    assert codes == (["ATTESTATION_MISSING"] if still_missing else [])
