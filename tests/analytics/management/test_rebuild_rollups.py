"""`manage.py verify` finds a rollup that is wrong, `manage.py rebuild_rollups` mends it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from analytics.models import DailyUsageTotal
from billing.services import usage
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_what_is_wrong_is_named_mended_and_then_right() -> None:
    acme = samples.customer()
    with acme.scope():
        usage.record(organization=acme.organization, usage_type="analysis")
    assert "The rollups agree with the rows that they count." in said("verify")

    with tenancy.staff():
        DailyUsageTotal.objects.update(quantity=7)
    with pytest.raises(CommandError, match=r"usage_by_day .* analysis is wrong: quantity by -6"):
        said("verify")

    assert "usage_by_day: 1 rows mended" in said("rebuild_rollups")
    assert "usage_by_day: was right" in said("rebuild_rollups")
    assert "The rollups agree" in said("verify")
