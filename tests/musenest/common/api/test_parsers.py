import pytest

from musenest.common.api.parsers import renamed, snake_case


@pytest.mark.parametrize(
    ("camel", "snake"),
    [
        ("siteName", "site_name"),
        ("v0ApiKey", "v0_api_key"),
        ("site_name", "site_name"),
        ("siteURL", "site_url"),
        ("a", "a"),
    ],
)
def test_snake_case_finds_the_humps(camel: str, snake: str) -> None:
    assert snake_case(camel) == snake


@pytest.mark.parametrize("key", ["FACE_FEMALE", "Site", "", "_private"])
def test_a_name_that_does_not_begin_small_stays(key: str) -> None:
    assert renamed(key) == key
