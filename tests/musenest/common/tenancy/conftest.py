"""Two organisations, and what a query sees of them."""

import pytest

from accounts.models import Organization, WebhookEndpoint
from tests import samples


@pytest.fixture
def two(committed_db: None) -> tuple[Organization, Organization]:
    """Two organisations, each with a row that the other must not see."""
    first, second = samples.organization("First"), samples.organization("Second")
    samples.endpoint(first, "https://first.test/")
    samples.endpoint(second, "https://second.test/")
    return first, second


def seen() -> set[str]:
    return set(WebhookEndpoint.objects.values_list("url", flat=True))
