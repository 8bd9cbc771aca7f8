from typing import Any

import pytest

from musenest.common import chain

ROW = {"id": 1, "label": "é", "changes": {"a": [1, 2]}}


def test_a_seal_does_not_depend_on_the_order_of_columns() -> None:
    assert chain.seal(ROW, chain.GENESIS, key="k") == chain.seal(
        dict(reversed(ROW.items())), chain.GENESIS, key="k"
    )


@pytest.mark.parametrize(
    ("row", "previous", "key"),
    [
        (ROW | {"label": "e"}, chain.GENESIS, "k"),
        (ROW | {"changes": {"a": [2, 1]}}, chain.GENESIS, "k"),
        (ROW | {"more": None}, chain.GENESIS, "k"),
        (ROW, "1" * 64, "k"),
        (ROW, chain.GENESIS, "other"),
    ],
)
def test_whatever_changes_breaks_the_seal(row: dict[str, Any], previous: str, key: str) -> None:
    sealed = chain.seal(ROW, chain.GENESIS, key="k")

    assert chain.is_intact(sealed, ROW, chain.GENESIS, key="k")
    assert not chain.is_intact(sealed, row, previous, key=key)
