"""Saving sites: what is refused, what is recorded, what a lock protects."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from moderation.models import Server, Site, SiteStatus
from moderation.selectors import plans
from moderation.services import sites
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import ConflictError, DeniedError, InvalidError, NotFoundError
from tests import samples
from tests.samples import Customer

pytestmark = pytest.mark.django_db


def create(acme: Customer, **fields: Any) -> Site:
    with acme.scope():
        return sites.create(organization=acme.organization, fields=samples.SHOP | fields, by=acme.owner.actor)


def test_a_site_is_stored_in_its_canonical_form(acme: Customer) -> None:
    made = create(
        acme,
        nudenet_config={
            "body_parts": ["EXPOSED_BREAST_F", "FEMALE_BREAST_EXPOSED"],
            "detection_threshold": None,
        },
        blip_config={"child_keywords": ["  Kinder  Garten "]},
    )
    assert made.nudenet_config == {"body_parts": ["FEMALE_BREAST_EXPOSED"]}
    assert made.blip_config == {"child_keywords": ["kinder garten"]}


def test_fields_that_nobody_may_set_are_left_alone(acme: Customer) -> None:
    made = create(acme, revision=9, deployment_status="deployed", config_version=9, deleted_at="now")
    assert (made.revision, made.deployment_status, made.config_version, made.deleted_at) == (
        0,
        "pending",
        1,
        None,
    )


def test_nothing_is_written_when_anything_is_wrong(acme: Customer) -> None:
    for wrong in (
        {"nudenet_config": {"no": 1}},
        {"site_identifier": "-"},
        {"webhook_url": "no"},
        {"site_name": ""},
        {"site_name": "x" * 121},
    ):
        with pytest.raises(InvalidError):
            create(acme, **wrong)
    with acme.scope():
        assert not Site.objects.exists()
        assert not AuditEvent.objects.filter(action="site.created").exists()


def test_a_stale_save_tells_what_differs(acme: Customer) -> None:
    site = create(acme)
    with acme.scope():
        sites.update(site=site, fields={"site_name": "Theirs"}, by=SYSTEM)
        with pytest.raises(ConflictError) as caught:
            sites.update(site=site, fields={"site_name": "Mine"}, by=acme.owner.actor, expected_version=1)
    details = caught.value.details
    assert (details["config_version"], details["saved_by"]) == (2, "MuseNest")
    assert details["changes"] == [{"path": "site_name", "theirs": "Theirs", "yours": "Mine"}]


def test_a_stale_patch_tells_of_nothing_that_it_would_not_change(acme: Customer) -> None:
    site = create(acme, nudenet_config={"detection_threshold": 0.4, "body_parts": ["FACE_MALE"]})
    elsewhere = samples.server()
    patched = {"nudenet_config": {"detection_threshold": 0.5}}
    with acme.scope():
        sites.patch(site=site, fields={"nudenet_config": {"detection_threshold": 0.3}}, by=SYSTEM)
        for server in (None, site.server_id, elsewhere.pk):
            with pytest.raises(ConflictError) as caught:
                sites.patch(site=site, fields=patched | {"server": server}, by=SYSTEM, expected_version=1)
            threshold, *further = caught.value.details["changes"]
            assert threshold == {"path": "nudenet_config.detection_threshold", "theirs": 0.3, "yours": 0.5}
            told = {"path": "server", "theirs": str(site.server_id), "yours": str(elsewhere.pk)}
            assert further == ([told] if server == elsewhere.pk else [])


def test_a_patch_lays_values_over_what_is_there_now_not_over_what_was_read(acme: Customer) -> None:
    site = create(acme)
    with acme.scope():
        sites.patch(site=site, fields={"blip_config": {"risk_multiplier": 2}}, by=SYSTEM)
        saved = sites.patch(site=site, fields={"blip_config": {"child_keywords": ["gnome"]}}, by=SYSTEM)
    assert saved.blip_config == {"risk_multiplier": 2, "child_keywords": ["gnome"]}


def test_an_update_replaces_a_document(acme: Customer) -> None:
    site = create(acme, blip_config={"risk_multiplier": 2})
    with acme.scope():
        saved = sites.update(site=site, fields={"blip_config": {"child_keywords": ["gnome"]}}, by=SYSTEM)
    assert saved.blip_config == {"child_keywords": ["gnome"]}


def test_a_figure_that_translates_to_the_same_is_outdated_as_the_plan_says(acme: Customer) -> None:
    site = samples.deployed(acme)
    with acme.scope():
        documents = plans.of_site(site).configuration.effective.documents
        threshold = documents["nudenet_config"]["detection_threshold"] + 0.001
        fields = {"nudenet_config": {"detection_threshold": threshold}}
        saved = sites.patch(site=site, fields=fields, by=SYSTEM)
        plan = plans.of_site(saved)
        assert saved.deployed_version is not None
        assert (plan.digest, len(plan.changes)) == (saved.deployed_version.digest, 1)
        assert saved.deployment_status == SiteStatus.OUTDATED


def test_a_site_moves_to_a_server_that_it_may_use(acme: Customer) -> None:
    site = create(acme)
    stranger = samples.customer("Borealis")
    own, theirs = (
        samples.server(organization=acme.organization),
        samples.server(organization=stranger.organization),
    )
    with acme.scope():
        assert sites.update(site=site, fields={"server": str(own.pk)}, by=SYSTEM).server == own
        with pytest.raises(NotFoundError):
            sites.update(site=site, fields={"server": str(theirs.pk)}, by=SYSTEM)
        assert sites.update(site=site, fields={"server": ""}, by=SYSTEM).server == own


def test_the_database_refuses_a_strangers_server(acme: Customer) -> None:
    site = create(acme)
    theirs = samples.server(organization=samples.customer("Borealis").organization)
    with tenancy.staff(), pytest.raises(DatabaseError), transaction.atomic():
        Site.objects.filter(pk=site.pk).update(server=Server.objects.get(pk=theirs.pk))


def test_a_strangers_site_is_not_saved(acme: Customer) -> None:
    site = create(acme)
    stranger = samples.customer("Borealis")
    with stranger.scope():
        for write in (sites.update, sites.patch):
            with pytest.raises(NotFoundError):
                write(site=site, fields={"site_name": "Mine"}, by=SYSTEM)
    with acme.scope():
        assert Site.objects.get().site_name == "Shop"


def test_deleting_keeps_the_row_and_frees_the_place(acme: Customer) -> None:
    small = samples.customer("Small", tier="free")
    site = create(small)
    with pytest.raises(DeniedError):
        create(small, site_identifier="second")
    with small.scope():
        sites.delete(site=site, by=SYSTEM)
        sites.delete(site=site, by=SYSTEM)
        kept = Site.objects.get()
        assert (kept.is_active, kept.deleted_at is not None) == (True, True)
        assert AuditEvent.objects.filter(action="site.deleted").count() == 1
        with pytest.raises(NotFoundError):
            sites.update(site=site, fields={"site_name": "Back"}, by=SYSTEM)
    create(small)
