"""Editing a template: a version more, sites outdated, nothing deployed."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEvent
from moderation.models import Deployment, Site, Template, TemplateVersion
from moderation.services import sites, templates
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from musenest.common.errors import InvalidError
from tests import samples

pytestmark = pytest.mark.django_db


def marketplace() -> Template:
    with tenancy.staff():
        return Template.objects.get(name="marketplace")


def save(documents: dict[str, Any]) -> TemplateVersion:
    template = marketplace()
    with tenancy.staff():
        before = template.latest.documents
    return templates.save_version(template=template, documents=before | documents, rationale={}, by=SYSTEM)


def test_every_organisations_sites_become_outdated_and_none_is_deployed() -> None:
    samples.server()
    customers = [samples.customer(), samples.customer("Borealis")]
    for customer in customers:
        samples.deployed(customer, "shop", "marketplace")
        samples.deployed(customer, "family", "family_education")
        samples.site(customer, "fresh", "marketplace")
    version = save({"blip_config": {"risk_multiplier": 4}})
    assert version.number == 2
    for customer in customers:
        with customer.scope():
            found = dict(Site.objects.values_list("site_identifier", "deployment_status"))
            assert found == {"shop": "outdated", "family": "deployed", "fresh": "pending"}
            assert Deployment.objects.count() == 2
    with tenancy.staff():
        assert AuditEvent.objects.filter(action="template.saved").get().changes == {"version": 2}


def test_a_template_must_be_complete() -> None:
    with pytest.raises(InvalidError) as caught:
        save({"blip_config": {}})
    assert caught.value.details["field"] == "blip_config.risk_multiplier"
    with tenancy.staff():
        assert marketplace().latest.number == 1


def test_a_version_cannot_be_changed() -> None:
    with tenancy.staff(), pytest.raises(DatabaseError), transaction.atomic():
        TemplateVersion.objects.update(documents={})


def test_an_organisation_cannot_change_a_template() -> None:
    acme = samples.customer()
    with acme.scope():
        assert Template.objects.update(needs_attestation=False) == 0


def test_a_site_that_its_template_made_invalid_can_still_be_cancelled_and_is_outdated() -> None:
    """The site says where it approves, the template now rejects below that."""
    samples.server()
    acme = samples.customer()
    site = samples.deployed(acme, "shop", "marketplace")
    with acme.scope():
        sites.update(site=site, fields={"usage_intents": {"store": {"approval_threshold": 30}}}, by=SYSTEM)
    with tenancy.staff():
        intents = marketplace().latest.documents["usage_intents"]
    save({"usage_intents": intents | {"store": {"approval_threshold": 5, "rejection_threshold": 20}}})
    with acme.scope():
        current = Site.objects.select_related("industry_template", "deployed_version").get()
        assert sites.status_of(current, current.deployed_version) == "outdated"
