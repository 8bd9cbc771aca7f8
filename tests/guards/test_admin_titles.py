"""The admin's pages are called what the sidebar calls them, not in Django's words."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from musenest.common import tenancy
from musenest.settings.admin import NAVIGATION
from tests import samples
from tests.guards.test_admin import EDITED_BY_STAFF, MODELS, address, named

DJANGOS = re.compile(r"^(Select|Add|Change|View) ")
SIDEBAR = {str(item["link"]): item["title"] for group in NAVIGATION for item in group["items"]}

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    samples.world("First")
    return samples.signed_in(samples.staff_person())


def shown(client: Client, path: str) -> str:
    """The title that the page has, which stands in its head too."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    title: str = str(answer.context["title"])
    head = answer.text.split("<title>")[1].split("</title>", maxsplit=1)[0]
    assert title in head.replace("&#x27;", "'"), path
    return title


def test_lists_are_called_what_the_sidebar_calls_them(staff: Client) -> None:
    for model in MODELS:
        path = address(model, "changelist")
        assert shown(staff, path) == SIDEBAR[path], named(model)


def test_forms_say_what_a_row_is(staff: Client) -> None:
    for model in MODELS:
        with tenancy.staff():
            row = model._default_manager.all()[:1].get()
        title = shown(staff, address(model, "change", row.pk))
        assert not DJANGOS.match(title), named(model)
        assert title[0].isupper(), named(model)


def test_new_rows_are_called_new(staff: Client) -> None:
    for model in [model for model in MODELS if named(model) in EDITED_BY_STAFF]:
        if admin.site._registry[model].has_add_permission(staff.get("/admin/").wsgi_request):
            assert shown(staff, address(model, "add")).startswith("New "), named(model)
    assert shown(staff, reverse("admin:accounts_organization_add")) == "New organisation"


OUR_OWN_NAMES = re.compile(r"\b(Organizations?|Url|Id)\b")


def test_faces_are_spelled_in_british_and_rows_as_they_are_called(staff: Client) -> None:
    for model in MODELS:
        with tenancy.staff():
            row = model._default_manager.all()[:1].get()
        for path in (address(model, "changelist"), address(model, "change", row.pk)):
            text = re.sub(
                r"<script.*?</script>|<textarea.*?</textarea>|<[^>]*>",
                " ",
                staff.get(path).text,
                flags=re.DOTALL,
            )
            found = OUR_OWN_NAMES.search(text)
            assert found is None, (path, text[found.start() - 80 : found.end() + 40])
