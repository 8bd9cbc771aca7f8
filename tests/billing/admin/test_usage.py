"""Usage in the admin: uses of the test mode are told apart from those that count."""

import pytest
from django.test import Client
from django.urls import reverse

from billing.models import LIVE, TEST
from billing.services import usage
from tests import samples

pytestmark = pytest.mark.django_db

LIST = "admin:billing_usagerecord_changelist"


def test_the_mode_of_a_use_is_listed_filtered_and_shown(staff: Client) -> None:
    acme = samples.customer()
    with acme.scope():
        live, tried = (
            usage.record(organization=acme.organization, usage_type="analysis", mode=mode)
            for mode in (LIVE, TEST)
        )

    listed = staff.get(reverse(LIST)).context["cl"]
    filtered = staff.get(reverse(LIST), {"mode__exact": TEST}).context["cl"]
    page = staff.get(reverse("admin:billing_usagerecord_change", args=[tried.pk]))

    assert "mode" in listed.list_display
    assert {row.pk for row in listed.result_list} == {live.pk, tried.pk}
    assert [row.pk for row in filtered.result_list] == [tried.pk]
    assert "mode" in page.context["adminform"].readonly_fields
