"""Whatever a page says can be said in every language: marked, translated, with the same figures in it."""

import re
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from script.support import translations
from script.support.translations import ROOT, Message

LANGUAGES = [path.parent.parent.name for path in translations.sources(ROOT)]
FIGURE = re.compile(r"%\(\w+\)s")
PAGES = [
    path for path in translations.templates(ROOT) if path.suffix == ".html" and "emails" not in path.parts
]
TAGS = re.compile(r"<!--.*?-->|\bbtn-[a-z]+|<(code|pre|kbd|bdi|script)\b[^>]*>.*?</\1>|<[^>]*>", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{2,}")
# The same in every language.
NAMES = {"MuseNest", "SHA", "PDQ", "ms", "UTC", "API", "QR", "Ctrl", "Esc", "nbsp", "JSON", "Google"}
# Staff's, who read English: every component, with figures that are made up.
OF_STAFF = {"moderation/design.html", "components/impersonation.html"}


def test_there_is_a_second_language() -> None:
    assert LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = translations.catalogue(ROOT, language)
    found = translations.messages(ROOT)
    missing = [message for message in found if not translations.is_translated(known, message)]
    assert missing == [], "python -m script.support.translations, then translate them"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_figures(language: str) -> None:
    for message in translations.catalogue(ROOT, language):
        figures = set(FIGURE.findall(last_of(message.id)))
        if isinstance(message.string, str):
            assert set(FIGURE.findall(message.string)) == figures, message.string
        for text in message.string if isinstance(message.string, tuple) else ():
            assert set(FIGURE.findall(text)) <= figures, text


def last_of(text: object) -> str:
    """A message; of several forms the plural, which has every figure."""
    return str(text[-1]) if isinstance(text, list | tuple) else str(text)


def test_catalogue_holds_nothing_that_is_gone() -> None:
    found = translations.messages(ROOT)
    for language in LANGUAGES:
        ids = [message.id for message in translations.catalogue(ROOT, language) if message.id]
        texts = {message.text for message in found}
        gone = [text for text in ids if (tuple(text) if isinstance(text, list) else text) not in texts]
        assert gone == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_page_has_no_words_that_are_not_marked(path: Path) -> None:
    if str(path.relative_to(ROOT / "templates")) not in OF_STAFF:
        assert unmarked(path.read_text(encoding="utf-8")) == set()


def unmarked(source: str) -> set[str]:
    """Words between tags that no translation is asked for."""
    text, is_marked = [], False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            is_marked = name == "blocktranslate" or (is_marked and name != "endblocktranslate")
        elif token.token_type == TokenType.TEXT and not is_marked:
            text.append(token.contents)
        else:
            text.append(" ")
    return set(WORD.findall(TAGS.sub(" ", "".join(text)))) - NAMES


def test_unmarked_finds_words() -> None:
    source = '<p title="x">Hello {% translate "you" %}{% blocktranslate %}there{% endblocktranslate %}</p>'
    assert unmarked(source) == {"Hello"}
    assert Message("you") in set(translations.of_template(source))
