"""Odd questions to the admin's lists: whatever stands in the address, the answer is a page, calmly."""

from typing import Any

import pytest
from django.db import models
from django.test import Client

from tests import samples
from tests.guards.test_admin import MODELS, address, named

pytestmark = pytest.mark.django_db

ODD: list[dict[str, Any]] = [
    {"q": "\0"},
    {"q": "x" * 5_000},
    {"q": '"'},
    {"p": "-1"},
    {"p": "99999999999999999999"},
    {"p": "x"},
    {"o": "99.-99"},
    {"o": "-"},
    {"o": "x.1"},
    {"all": "1", "p": "7"},
    {"e": "1"},
    {"created_at__year": "99999"},
    {"created_at__month": "13"},
    {"created_at__gte": "never"},
    {"created_at_from": "32.13.20", "created_at_to": "x"},
    {"day_from": "99999-01-01"},
    {"month__year": "0"},
    {"started_at__day": "-3"},
    {"id__exact": "x"},
    {"organization": "\\x00"},
    {"organization__id__exact": "not-a-uuid"},
    {"state__exact": "<script>"},
    {"is_active__exact": "perhaps"},
    {"person__password__startswith": "a"},
    {"_facets": "True"},
    {"_popup": "1", "_to_field": "password"},
]


@pytest.fixture
def staff() -> Client:
    client = samples.signed_in(samples.staff_person())
    client.raise_request_exception = False
    samples.world("First")
    return client


def test_odd_questions_are_answered_calmly(staff: Client) -> None:
    loud = [
        (named(model), question)
        for model in MODELS
        for question in ODD
        if staff.get(address(model, "changelist"), question).status_code >= 500
    ]

    assert loud == []


@pytest.mark.parametrize("key", ["0", "-1", "99999999999999999999999", "x", "%00", "_5F", "../../etc"])
def test_rows_that_do_not_exist_are_not_there(staff: Client, key: str) -> None:
    def asked(model: type[models.Model]) -> int:
        return staff.get(address(model, "change", key)).status_code

    assert [named(model) for model in MODELS if asked(model) >= 500] == []
