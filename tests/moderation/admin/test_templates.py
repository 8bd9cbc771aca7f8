"""Templates in the admin: saving is a new version, and what is wrong in a document is told by its path."""

import json

from django.test import Client
from django.urls import reverse

from moderation.models import Template
from musenest.common import tenancy


def template() -> Template:
    with tenancy.staff():
        return Template.objects.get(name="family_education")


def save(client: Client, **changed: object) -> object:
    with tenancy.staff():
        newest = template().latest
    values = {"documents": newest.documents, "rationale": newest.rationale} | changed
    return client.post(
        reverse("admin:moderation_template_change", args=[template().pk]),
        {name: json.dumps(value) for name, value in values.items()},
    )


def numbers() -> list[int]:
    with tenancy.staff():
        return list(template().versions.order_by("number").values_list("number", flat=True))


def test_saving_makes_the_next_version(staff: Client) -> None:
    answer = save(staff, rationale={"nudenet_config.detection_threshold": "A test's."})

    assert getattr(answer, "status_code", 0) == 302
    assert numbers() == [1, 2]
    with tenancy.staff():
        assert template().latest.created_by == "staff@musenest.example"


def test_a_wrong_document_comes_back_with_the_path_and_what_was_typed(staff: Client) -> None:
    with tenancy.staff():
        documents = dict(template().latest.documents)
    documents["nudenet_config"] = {**documents["nudenet_config"], "detection_threshold": 7}

    answer = save(staff, documents=documents)

    text = getattr(answer, "text", "")
    assert "nudenet_config.detection_threshold: " in text
    assert "&quot;detection_threshold&quot;: 7" in text
    assert numbers() == [1]
