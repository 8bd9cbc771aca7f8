import re
from pathlib import Path

import pytest
from django.test import Client

from tests.samples import customer, person, signed_in

pytestmark = pytest.mark.django_db

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
# Pieces of the frame itself, and fragments that a component is made of.
NOT_SHOWN = {
    "mark", "honesty", "topbar", "rail", "rail_item", "time", "palette", "impersonation", "unverified",
    "_toast", "_error_title", "_error_body", "_boxes",
}  # fmt: skip


def test_design_shows_every_component() -> None:
    page = (TEMPLATES / "moderation" / "design.html").read_text()
    components = {path.stem for path in (TEMPLATES / "components").glob("*.html")} - NOT_SHOWN
    assert components - set(re.findall(r"components/(\w+)\.html", page)) == set()
    response = signed_in(person(is_staff=True)).get("/design")
    assert response.status_code == 200
    assert "under the threshold" in response.text


def test_design_is_for_staff() -> None:
    assert Client().get("/design").headers["Location"].startswith("/login")
    assert customer().client.get("/design").status_code == 404
