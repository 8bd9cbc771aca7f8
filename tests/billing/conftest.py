"""An organisation whose plan lacks something."""

import pytest

from tests.samples import Customer, customer


@pytest.fixture
def acme() -> Customer:
    return customer("Acme", tier="basic")
