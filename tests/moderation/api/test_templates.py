"""The industry templates."""

import pytest

from moderation.domain.templates import INDUSTRY_TEMPLATES
from moderation.models import Template
from moderation.services import templates
from musenest.common import tenancy
from musenest.common.actors import SYSTEM
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


def test_everybody_who_is_signed_in_sees_all_six(acme: Customer) -> None:
    assert api.code(api.anonymous().get(api.TEMPLATES), 401) == "NOT_SIGNED_IN"
    for client in (api.owner(acme), api.with_key(acme, "deploy"), api.staff()):
        found = api.data(client.get(api.TEMPLATES))["results"]
        assert [template["name"] for template in found] == [template.name for template in INDUSTRY_TEMPLATES]
    adult = found[-1]
    assert (adult["needs_attestation"], adult["needs_blip"]) == (True, True)
    assert set(adult["version"]["documents"]) >= {"nudenet_config", "blip_config", "usage_intents"}
    assert adult["version"]["rationale"]


def test_the_newest_version_is_the_one_that_is_shown(acme: Customer) -> None:
    with tenancy.staff():
        template = Template.objects.get(name="marketplace")
        documents = template.latest.documents | {"nudenet_config": {"detection_threshold": 0.11}}
    templates.save_version(template=template, documents=documents, rationale={}, by=SYSTEM)
    found = {one["name"]: one for one in api.data(api.owner(acme).get(api.TEMPLATES))["results"]}
    assert found["marketplace"]["version"]["number"] == 2
    assert found["marketplace"]["version"]["documents"]["nudenet_config"] == {"detection_threshold": 0.11}


def test_a_template_that_is_off_is_not_shown(acme: Customer) -> None:
    with tenancy.staff():
        Template.objects.filter(name="marketplace").update(is_active=False)
    names = [one["name"] for one in api.data(api.owner(acme).get(api.TEMPLATES))["results"]]
    assert "marketplace" not in names


def test_the_list_takes_as_many_queries_for_one_as_for_three(acme: Customer) -> None:
    client, found = api.owner(acme), []
    for size in (1, 3):
        with api.counted() as statements:
            assert len(api.data(client.get(f"{api.TEMPLATES}?page_size={size}"))["results"]) == size
        found.append(len(statements))
    assert found == [3, 3]
