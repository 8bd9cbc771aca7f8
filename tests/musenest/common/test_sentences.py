"""What was written in English is said in the reader's language, where its template is known."""

import pytest
from django.utils import translation

from moderation.domain import sentences as domain
from moderation.domain.errors import ConfigurationError
from moderation.domain.translation import translate
from musenest.common.errors import ConflictError, NotFoundError
from musenest.common.sentences import known, pattern_of, say


def test_error_keeps_its_english_message_and_is_said_in_the_readers_language() -> None:
    with translation.override("de"):
        error = ConflictError("The server %(server)s takes no further site.", figures={"server": "eu-1"})
        assert error.message == str(error) == "The server eu-1 takes no further site."
        assert error.said == "Der Server eu-1 nimmt keine weitere Website auf."
    assert error.said == error.message


def test_error_without_figures_may_hold_percent_signs() -> None:
    error = NotFoundError("There is no 100 % match (%(x)s).")
    assert error.message == error.said == "There is no 100 % match (%(x)s)."


def test_figure_of_a_person_is_no_template() -> None:
    error = ConflictError("%(address)s is allowed already.", figures={"address": "%(x)s <b>"})
    assert error.message == "%(x)s <b> is allowed already."


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("The site is switched off.", "Die Website ist abgeschaltet."),
        (domain.SERVER_TIMED_OUT % {"seconds": 5}, "Der Moderationsserver antwortete nicht binnen 5 s."),
        (domain.AT_MOST % {"le": 0.5}, "Geben Sie eine Zahl von höchstens 0.5 an."),
        (
            domain.THRESHOLDS_INVERTED % {"approval": 9, "rejection": 100},
            "Setzen Sie die Schwelle für Freigaben (9 %) unter die für Ablehnungen (100 %).",
        ),
        ("The server eu\n1 is switched off.", "Der Server eu\n1 ist abgeschaltet."),
        ("Somebody wrote this by hand.", "Somebody wrote this by hand."),
        ("", ""),
    ],
)
def test_recorded_sentence_is_said_in_the_readers_language(english: str, german: str) -> None:
    assert say(english) == english
    with translation.override("de"):
        assert say(english) == german


def test_every_sentence_of_the_domain_with_figures_is_known() -> None:
    assert {template for template in domain.ALL if "%(" in template} <= set(known())


def test_no_two_templates_take_each_others_sentences() -> None:
    for template in known():
        taken = [other for other in known() if pattern_of(other).fullmatch(template)]
        assert taken in ([template], [])


def test_errors_of_a_configuration_are_said() -> None:
    with pytest.raises(ConfigurationError) as caught:
        translate({"nudenet_config": {"detection_threshold": 7}})
    (error,) = caught.value.errors
    with translation.override("de"):
        assert say(error.message) == "Geben Sie eine Zahl von höchstens 1 an."
