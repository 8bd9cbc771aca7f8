from pathlib import Path

import pytest

from script.support import translations
from script.support.translations import ROOT, Message


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Sites" %}', Message("Sites")),
        ('{% include "x.html" with title=_("No \'sites\'") %}', Message("No 'sites'")),
        ("{% blocktranslate %}{{ n }} of it's 5 %{% endblocktranslate %}", Message("%(n)s of it's 5 %%")),
        (
            "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            Message(("%(n)s day", "%(n)s days")),
        ),
        ('{% translate "May" context "month" %}', Message("May", "month")),
    ],
)
def test_of_template_finds_what_is_marked(source: str, found: Message) -> None:
    assert list(translations.of_template(f"<p>It's {source}</p>")) == [found]


def test_of_code_finds_what_is_marked(tmp_path: Path) -> None:
    code = tmp_path / "views.py"
    code.write_text('gettext("Saved.")\nngettext("a day", "days", 3)\ngettext(name); said("Not this")\n')
    assert list(translations.of_code(code)) == [Message("Saved."), Message(("a day", "days"))]


def test_update_keeps_what_was_translated_and_drops_what_is_gone(tmp_path: Path) -> None:
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text('{% translate "Sites" %}{% translate "Gone" %}')
    assert Message("Gone") in translations.update(tmp_path, "de")
    catalogue = translations.source_of(tmp_path, "de")
    catalogue.write_text(
        catalogue.read_text().replace('msgid "Sites"\nmsgstr ""', 'msgid "Sites"\nmsgstr "Orte"')
    )
    page.write_text('{% translate "Sites" %}{% translate "New" %}')
    missing = translations.update(tmp_path, "de")
    assert Message("New") in missing
    assert Message("Sites") not in missing
    assert "Gone" not in catalogue.read_text()


def test_compile_writes_only_what_changed(tmp_path: Path) -> None:
    translations.update(tmp_path, "de")
    assert translations.compile_all(tmp_path)
    assert not translations.compile_all(tmp_path)
    assert (tmp_path / "var/locale/de/LC_MESSAGES/django.mo").read_bytes()[:4] == b"\xde\x12\x04\x95"


def test_pages_of_the_admin_speak_english() -> None:
    assert not [path for path in translations.templates(ROOT) if "admin" in path.parts]
