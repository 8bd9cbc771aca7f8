"""The quick start hands out the pictures of the test mode, and says what each answer means."""

from hashlib import sha256
from html import escape
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from moderation.domain.fixed_answers import PICTURES
from moderation.portal.quick_start import ANSWERS, pictures
from tests.samples import Customer, customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> Customer:
    return customer("Acme")


def test_every_picture_is_handed_out_as_it_is_known() -> None:
    found = {picture.name.removesuffix(".png"): finders.find(picture.path) for picture in pictures()}
    assert set(found) == {fixed.value for fixed in PICTURES.values()}
    for image_hash, fixed in PICTURES.items():
        content = Path(str(found[fixed.value])).read_bytes()
        assert sha256(content).hexdigest() == image_hash


def test_page_links_each_with_its_answer(acme: Customer) -> None:
    text = acme.client.get(acme.url("quick-start")).text
    for fixed, (status, _decision, note) in ANSWERS.items():
        row = text.split(f'download="{fixed.value}.png"')[1].split("</tr>")[0]
        assert f"<code>{status}</code>" in row
        assert escape(str(note)) in row


@pytest.mark.parametrize("status", ["401 403 404", "409", "413", "415", "422", "429"])
def test_page_says_what_each_status_means(acme: Customer, status: str) -> None:
    text = acme.client.get(acme.url("quick-start")).text
    meaning = text.split("What the answer means")[1].split(f"<code>{status}</code>")[1].split("</tr>")[0]
    assert "hold" in meaning


def test_stranger_gets_no_page(acme: Customer) -> None:
    assert customer("Borealis").client.get(acme.url("quick-start")).status_code == 404
