"""Two organisations that know nothing of each other."""

import pytest

from tests.samples import Customer, customer


@pytest.fixture
def acme() -> Customer:
    return customer("Acme")


@pytest.fixture
def borealis() -> Customer:
    return customer("Borealis")
