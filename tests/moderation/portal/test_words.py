import pytest

from moderation.portal import words


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("nudenet_config.detection_threshold", "Detection threshold"),
        ("blip_config.child_keywords", "Child-safety keywords"),
        ("moderation_rules.label_weights.FACE_FEMALE", "Weight of female face"),
        ("usage_intents.store.approval_threshold", "Store: approve up to"),
        ("usage_intents.private", "Private"),
        ("usage_intents.elsewhere.approval_threshold", "usage_intents.elsewhere.approval_threshold"),
        ("nudenet.public_gallery_threshold", "Counts in public from"),
        ("blip.num_beams", "Num beams"),
        ("server", "Server"),
        ("elsewhere", "elsewhere"),
    ],
)
def test_title_of_a_path(path: str, title: str) -> None:
    assert words.title(path) == title


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("nudenet_config.detection_threshold", 0.25, "0.25"),
        ("usage_intents.store.approval_threshold", 15, "15 %"),
        ("usage_intents.store.approval_threshold", 12.5, "12.5 %"),
        ("nudenet_config.body_parts", ["FACE_MALE", "BELLY_EXPOSED"], "male face, exposed belly"),
        ("blip_config.child_keywords", [], "none"),
        ("blip_config.child_keywords", list("abcdefgh"), "a, b, c, d, e, f and 2 more"),
        ("nudenet.body_parts.part_location_tracking", True, "yes"),
        ("site_name", "Acme", "Acme"),
        ("anything", None, ""),
    ],
)
def test_value_in_words(path: str, value: object, shown: str) -> None:
    assert words.value(path, value) == shown


KEYWORDS = "blip_config.child_keywords"


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        (list("abcdefgh"), list("abcdefgi"), ["h"], ["i"]),
        (list("abcdefgh"), list("abcdefghi"), [], ["i"]),
        (None, list("abcdefgh"), [], list("abcdefgh")),
        (["a"], None, ["a"], []),
        (["a", "b"], ["b", "a"], [], []),
        (1, 2, [], []),
        (None, None, [], []),
    ],
)
def test_of_a_list_every_name_that_differs(
    before: object, after: object, gone: list[str], new: list[str]
) -> None:
    assert words.gone_and_new(KEYWORDS, before, after) == (gone, new)


def test_parts_that_differ_are_in_words() -> None:
    found = words.gone_and_new("nudenet_config.body_parts", ["FACE_MALE"], ["BELLY_EXPOSED"])
    assert found == (["male face"], ["exposed belly"])
