"""Whatever a page says can be said in every language: marked, translated, with the same figures in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from script.support import translations
from script.support.translations import ROOT, Message

LANGUAGES = [path.parent.parent.name for path in translations.sources(ROOT)]
FIGURE = re.compile(r"%\(\w+\)[srgd]")
PAGES = [
    path for path in translations.templates(ROOT) if path.suffix == ".html" and "emails" not in path.parts
]
TAGS = re.compile(r"<!--.*?-->|\bbtn-[a-z]+|<(code|pre|kbd|bdi|script)\b[^>]*>.*?</\1>|<[^>]*>", re.DOTALL)
DEFAULT = re.compile(r'\|default:"([^"]*)"')
WORD = re.compile(r"[A-Za-z]{2,}")
# The same in every language.
NAMES = {"MuseNest", "SHA", "PDQ", "ms", "UTC", "API", "QR", "Ctrl", "Esc", "nbsp", "JSON", "Google"}
# Staff's, who read English: every component, with figures that are made up.
OF_STAFF = {"moderation/design.html"}


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
        elif token.token_type == TokenType.VAR:
            text += DEFAULT.findall(token.contents) or [" "]
        else:
            text.append(" ")
    return set(WORD.findall(TAGS.sub(" ", "".join(text)))) - NAMES


def test_unmarked_finds_words() -> None:
    source = '<p title="x">Hello {% translate "you" %}{% blocktranslate %}there{% endblocktranslate %}</p>'
    assert unmarked(source) == {"Hello"}
    assert unmarked('<p class="{{ x|default:"y" }}">{{ x|default:"none" }}{{ x|default:_("some") }}') == {
        "none"
    }
    assert Message("you") in set(translations.of_template(source))


# Whose sentences reach no page: staff read them in the admin, which speaks English.
OF_STAFF_ALONE = {"accounts/services/notifications.py"}
CODE = [
    path
    for app in translations.APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if not translations.is_english(path.relative_to(ROOT))
]


def test_sentences_of_refusals_can_be_translated() -> None:
    """What differs is given as figures: an f-string, or one put together, is in no catalogue."""
    found = {
        f"{name}:{sentence.lineno}"
        for path in CODE
        if (name := str(path.relative_to(ROOT))) not in OF_STAFF_ALONE
        for sentence in translations.sentences_in(ast.parse(path.read_text(encoding="utf-8")))
        if is_put_together(sentence)
    }
    assert found == set()


def is_put_together(sentence: ast.expr) -> bool:
    """Whether a text is made here, of a literal. What was made elsewhere (a name, a call) is passed on."""
    if isinstance(sentence, ast.IfExp):
        return True
    if isinstance(sentence, ast.BinOp):
        return any(isinstance(node, ast.Constant | ast.JoinedStr) for node in (sentence.left, sentence.right))
    return isinstance(sentence, ast.JoinedStr)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('NotFoundError("There is no such site.")', False),
        ('NotFoundError("There is no %(name)s.", figures={"name": name})', False),
        ("ServerError(CODE, sentences.FAILED % figures)", False),
        ("InvalidError(error.message)", False),
        ('NotFoundError(f"There is no {name}.")', True),
        ('errors.NotFoundError("There is no " + name)', True),
        ('ServerError(CODE, "There is no %s." % name)', True),
        ('ConflictError("One" if one else "Many")', True),
    ],
)
def test_put_together_is_found(code: str, wrong: bool) -> None:
    (sentence,) = translations.sentences_in(ast.parse(code))
    assert is_put_together(sentence) is wrong


# Two words beside each other in a text of a script; what selects elements or says how to format is none.
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
TEXT = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)""")
TWO_WORDS = re.compile(r"[A-Za-z]{2,}[,:]? [A-Za-z]{2,}")
COMMENT = re.compile(r"(?m)^\s*//.*$| // .*$")
CODE_IN_TEXT = re.compile(r"\$\{[^}]*\}")
SELECTORS = re.compile(r"(?:querySelector(?:All)?|closest|matches|matchMedia)\([^()]*(?:\([^()]*\))?[^()]*\)")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_says_nothing_of_its_own(path: Path) -> None:
    """Its sentences are the template's, in data attributes, as those of `palette.js`."""
    assert list(said_by(path.read_text(encoding="utf-8"))) == []


def said_by(script: str) -> Iterator[str]:
    for text in TEXT.findall(SELECTORS.sub("", COMMENT.sub("", script))):
        if TWO_WORDS.search(CODE_IN_TEXT.sub("0", text)):
            yield text


def test_said_by_finds_sentences() -> None:
    script = """
        // "a comment says this"
        bar.textContent = one ? "1 unsaved change" : `${many} unsaved changes`; // "and this"
        document.querySelectorAll(".rail nav a").forEach(option);
    """
    assert list(said_by(script)) == ['"1 unsaved change"', "`${many} unsaved changes`"]
