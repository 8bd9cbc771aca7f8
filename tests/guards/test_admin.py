"""The laws of the admin: every model, no N+1, looking writes nothing and shows nothing not for staff."""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEvent
from musenest.common import tenancy
from musenest.common.admin import RecordAdmin, ServiceAdmin, WorkItemAdmin
from musenest.common.work import WorkItem
from musenest.settings.admin import NAVIGATION
from tests import samples

OURS = ("accounts", "analytics", "billing", "common", "moderation")
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
EDITED_BY_STAFF = {
    "accounts.membership",
    "accounts.organization",
    "accounts.person",
    "billing.tier",
    "common.egressallowance",
    "moderation.server",
    "moderation.template",
}
SECRETS = ("not-for-staff", samples.SECRET)


def address(model: type[models.Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def named(model: type[models.Model]) -> str:
    return model._meta.label_lower


@pytest.fixture
def one_of_everything(staff: Client) -> Client:
    samples.world("First")
    return staff


def rows_of(model: type[models.Model]) -> list[models.Model]:
    with tenancy.staff():
        return list(model._default_manager.all()[:1])


def test_every_model_is_registered_with_a_class_of_ours() -> None:
    for model in MODELS:
        found = admin.site._registry.get(model)
        assert isinstance(found, RecordAdmin | ServiceAdmin), named(model)
        assert isinstance(found, ServiceAdmin) == (named(model) in EDITED_BY_STAFF), named(model)


def test_every_model_stands_once_in_the_sidebar() -> None:
    links = [str(item["link"]) for group in NAVIGATION for item in group["items"]]

    assert sorted(links) == sorted(
        [reverse("admin:index"), *(address(model, "changelist") for model in MODELS)]
    )


def test_every_kind_of_work_can_be_replayed_and_cancelled_and_shows_its_error() -> None:
    for model in [model for model in MODELS if issubclass(model, WorkItem)]:
        found = admin.site._registry[model]
        assert isinstance(found, WorkItemAdmin)
        assert set(found.actions) >= {"replay_chosen", "cancel_chosen"}
        assert set(found.list_display) >= {"work_state", "error"}


def test_lists_of_every_model_cost_the_same_for_one_and_for_three(one_of_everything: Client) -> None:
    few = {named(model): cost_of_list(one_of_everything, model) for model in MODELS}
    samples.world("Second")
    samples.world("Third")
    many = {named(model): cost_of_list(one_of_everything, model) for model in MODELS}

    assert many == few


def cost_of_list(client: Client, model: type[models.Model]) -> int:
    assert rows_of(model), f"no row of {named(model)}: its list cannot show an N+1"
    client.get(address(model, "changelist"))  # content types are remembered from here on
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address(model, "changelist"))
    assert response.status_code == 200
    return len(queries)


def test_pages_open_and_show_nothing_that_staff_do_not_see(one_of_everything: Client) -> None:
    for model in MODELS:
        (row,) = rows_of(model)
        for page, args in (("changelist", []), ("change", [row.pk])):
            answer = one_of_everything.get(address(model, page, *args))
            assert answer.status_code == 200, named(model)
            assert not [secret for secret in SECRETS if secret in answer.text], named(model)


def test_search_answers(one_of_everything: Client) -> None:
    for model in MODELS:
        for text in ("first", "7", "site."):
            answer = one_of_everything.get(address(model, "changelist"), {"q": text})
            assert answer.status_code == 200, named(model)


def test_records_can_be_neither_added_nor_changed_nor_deleted(
    one_of_everything: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, "django.request")  # a refusal's traceback takes half a second to print
    for model in [model for model in MODELS if named(model) not in EDITED_BY_STAFF]:
        (row,) = rows_of(model)
        answers = [
            one_of_everything.post(address(model, "add"), {}),
            one_of_everything.post(address(model, "change", row.pk), {}),
            one_of_everything.post(address(model, "delete", row.pk), {"post": "yes"}),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403], named(model)
        assert rows_of(model), named(model)


def test_opening_a_question_does_nothing(one_of_everything: Client) -> None:
    """A GET, which a link elsewhere could make, only opens the question; the answer is a POST."""
    with tenancy.staff():
        before = AuditEvent.objects.count()

    for name, found in detail_actions():
        (row,) = rows_of(found.model)
        answer = one_of_everything.get(reverse(f"admin:{name}", args=[row.pk]))
        assert answer.status_code == 200
        assert re.search("<form[^>]*method=.post", answer.text), name

    with tenancy.staff():
        assert AuditEvent.objects.count() == before


def detail_actions() -> Iterator[tuple[str, Any]]:
    for model in MODELS:
        found: Any = admin.site._registry[model]
        for action in found._get_base_actions_detail():
            yield action.action_name, found


def test_buttons_that_act_by_get_are_not_used() -> None:
    for model in MODELS:
        found: Any = admin.site._registry[model]
        assert not found.actions_row, named(model)
        assert not found.actions_list, named(model)
        assert all(action.dialog for action in found._get_base_actions_detail()), named(model)


def test_pages_of_stripes_mirror_open(staff: Client) -> None:
    assert staff.get(reverse("admin:djstripe_customer_changelist")).status_code == 200
    assert staff.get(reverse("admin:app_list", args=["djstripe"])).status_code == 200
