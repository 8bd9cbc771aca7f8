"""A fake stands for a machine that is not ours, and has the shape of what it stands for."""

import ast
import inspect
from pathlib import Path

import pytest

from moderation.clients import ModerationServer
from moderation.clients.native import NativeServer

ROOT = Path(__file__).resolve().parents[2]
# Fakes that answer over real HTTP: the real client speaks to them, so their shape is the protocol's.
OVER_HTTP = {"FakeGoogle", "FakeServer"}
# Classes in the place of another, each with what it stands for: fakes, and the adapters of one interface.
IN_PLACE: dict[type, type] = {NativeServer: ModerationServer}


def named_fakes() -> set[str]:
    """Every class of the tests whose name says that it is one."""
    return {
        node.name
        for path in (ROOT / "tests").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef) and node.name.startswith("Fake")
    }


def shape(kind: type) -> dict[str, inspect.Signature]:
    return {
        name: inspect.signature(function)
        for name, function in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_fake_is_known() -> None:
    known = {found.__name__ for found in IN_PLACE if found.__name__.startswith("Fake")}

    assert named_fakes() == OVER_HTTP | known


@pytest.mark.parametrize(("fake", "real"), IN_PLACE.items())
def test_a_fake_has_the_signatures_of_what_it_stands_for(fake: type, real: type) -> None:
    offered = shape(fake)

    assert {name: offered.get(name) for name in shape(real)} == shape(real)
