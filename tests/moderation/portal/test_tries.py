from io import BytesIO
from typing import Any

import numpy as np
import pytest
import skimage.io
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Role
from billing.models import Tier
from moderation.models import Decision, Site
from musenest.common import tenancy
from tests.fake_server import FakeServer, answered
from tests.samples import Customer, api, deployed, member, site

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def png() -> bytes:
    stream = BytesIO()
    skimage.io.imsave(stream, np.zeros((6, 8, 3), dtype=np.uint8), plugin="imageio", extension=".png")
    return stream.getvalue()


def tried(acme: Customer, content: bytes | None, **fields: str) -> Any:
    form: dict[str, object] = dict(fields)
    if content is not None:
        form["image"] = SimpleUploadedFile("private-name.png", content)
    return acme.client.post(acme.url("sites/acme-family/try"), form, headers=HTMX)


def decisions_of(acme: Customer) -> list[Decision]:
    with acme.scope():
        return list(Decision.objects.filter(organization_id=acme.organization.pk))


def test_page_offers_the_uses_in_force_and_the_other_sites(acme: Customer, family: Site) -> None:
    deployed(acme, "acme-market", "marketplace")
    site(acme, "acme-draft")
    response = acme.client.get(acme.url("sites/acme-family/try"))
    assert [use.name for use in response.context["uses"]] == ["public_site", "store", "private"]
    assert "acme-market" in response.text
    assert "acme-draft" not in response.text


def test_page_of_a_site_that_was_never_deployed_says_so(acme: Customer) -> None:
    site(acme)
    assert "This site was never deployed" in acme.client.get(acme.url("sites/acme-family/try")).text
    response = tried(acme, png())
    assert response.status_code == 409
    assert "Deploy it first." in response.text


def test_choose_leads_to_the_first_deployed_site(acme: Customer) -> None:
    assert "No site is deployed yet" in acme.client.get(acme.url("try")).text
    deployed(acme)
    assert acme.client.get(acme.url("try")).headers["Location"] == acme.url("sites/acme-family/try")


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (None, 422, "Choose a picture first."),
        (b"", 422, "The picture has no bytes."),
        (SVG, 415, "Only JPEG, PNG, WebP and GIF pictures are accepted."),
        (png()[:-20], 422, "The picture cannot be read"),
        (b"x" * (20 * 2**20 + 1), 413, "20 MiB"),
        (b"x" * (22 * 2**20), 413, "20 MiB"),
    ],
    ids=["none", "empty", "svg", "cut", "over the limit", "dropped by Django"],
)
def test_what_is_wrong_with_a_picture_is_a_sentence(
    acme: Customer, family: Site, content: bytes | None, status: int, words: str
) -> None:
    response = tried(acme, content)
    assert response.status_code == status
    assert words in response.text
    assert "Nothing was counted." in response.text
    assert decisions_of(acme) == []


def test_server_that_does_not_answer_flags_and_says_so(acme: Customer, family: Site) -> None:
    response = tried(acme, png(), usage_intent="public_site")
    assert response.status_code == 200
    assert "A person has to look before this picture is shown." in response.text
    found = decisions_of(acme)
    assert [made.decision for made in found] == ["flagged"]
    assert acme.url(f"decisions/{found[0].pk}") in response.text


ESCALATING = {
    "labels": [
        {"label": "FEMALE_BREAST_EXPOSED", "score": 90.0, "box": {"x": 1, "y": 1, "width": 2, "height": 2}}
    ],
    "combined_assessment": {"children_detected": True},
}


@pytest.mark.parametrize(("may_see", "is_told"), [(False, False), (True, True)])
def test_what_led_to_an_escalation_is_told_with_the_grant_only(
    acme: Customer, fake: FakeServer, in_force: Site, may_see: bool, is_told: bool
) -> None:
    fake.analyze = lambda request: answered(request, **ESCALATING)
    acme.client = member(acme, Role.MEMBER, child_safety=may_see)

    text = tried(acme, png(), usage_intent="public_site").text
    (made,) = decisions_of(acme)

    assert "This picture must not be shown." in text
    assert "You hold this picture and the duty to preserve" in text
    for secret in ("the moderation server reports a child", "90.0 %", "female breast", "<rect", "<table"):
        assert (secret in text) is is_told, secret
    assert (acme.url(f"decisions/{made.pk}") in text) is is_told
    assert f"ecision {made.pk}<" in text
    assert ("child-safety cases" in text) is not is_told


def test_picture_is_neither_kept_nor_returned(acme: Customer, family: Site) -> None:
    picture = png()
    response = tried(acme, picture)
    assert picture not in response.content
    assert "data:image" not in response.text
    stored = str(
        {field: getattr(decisions_of(acme)[0], field) for field in ("labels", "server_answer", "external_id")}
    )
    assert "private-name" not in stored


def test_a_picture_that_is_tried_is_of_the_one_rate_of_the_organization(
    acme: Customer, borealis: Customer, family: Site, limited: None
) -> None:
    with tenancy.staff():
        Tier.objects.filter(tier_name="enterprise").update(ai_limits={"pictures_per_second": 1})
    deployed(borealis, "borealis-family")
    path = borealis.url("sites/borealis-family/try")

    assert api.with_key(acme, "analyze").post(api.ANALYZE, {}, format="multipart").status_code == 422
    refused = tried(acme, png())
    looked_at = acme.client.get(acme.url("sites/acme-family/try"))
    of_a_stranger = borealis.client.post(path, {}, headers=HTMX)

    assert refused.status_code == 429
    assert refused["HX-Retarget"] == "#toasts"
    assert refused["Retry-After"] == "1"
    assert decisions_of(acme) == []
    assert (looked_at.status_code, of_a_stranger.status_code) == (200, 422)
