"""The portal's languages: messages out of templates and code into `locale/`, compiled into `var/locale/`.

`python -m script.support.translations` adds new messages to `locale/<language>/LC_MESSAGES/django.po` (where
a person translates them), drops those that nothing uses, and compiles. Set-up only compiles. Babel does what
gettext's programs would, which most machines lack.
"""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
APPS = ("musenest", "accounts", "billing", "moderation", "analytics")
# The admin, the API's description and the moderation server speak English.
ENGLISH = ("templates/admin/", "templates/unfold/", "/admin/", "/api/", "/migrations/", "moderation/server/")
# Calls with a sentence for a person, and which argument it is: pages translate it where they show it.
SAID_BY = {
    "MalformedError": 0,
    "NotSignedInError": 0,
    "DeniedError": 0,
    "NotFoundError": 0,
    "ConflictError": 0,
    "LengthRequiredError": 0,
    "TooLargeError": 0,
    "UnsupportedError": 0,
    "InvalidError": 0,
    "LimitError": 0,
    "UnavailableError": 0,
    "RetryError": 0,
    "GiveUpError": 0,
    "ServerError": 1,
    "Conflict": 1,
    "FieldError": 1,
    "PictureError": 2,
}
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
LITERAL = r"""\s*[rbu]?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")\s*,?"""
CALL = re.compile(rf"\b(_|gettext|ngettext|pgettext)\(((?:{LITERAL})+)")


class Message(NamedTuple):
    """What is translated: one text, or the singular and the plural; with its context where one is given."""

    text: str | tuple[str, str]
    context: str | None = None


def messages(root: Path = ROOT) -> set[Message]:
    """Everything that templates and code mark, and the words of the domain, which knows of no language."""
    found = set(of_domain())
    for path in templates(root):
        found.update(of_template(path.read_text(encoding="utf-8")))
    for app in APPS:
        for path in (root / app).rglob("*.py"):
            if not is_english(path.relative_to(root)):
                found.update(of_code(path))
    return found


def templates(root: Path) -> Iterator[Path]:
    for path in sorted((root / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".subject") and not is_english(path.relative_to(root)):
            yield path


def is_english(path: Path) -> bool:
    return any(part in path.as_posix() for part in ENGLISH)


def of_template(source: str) -> Iterator[Message]:
    """Django turns a template into something that reads like calls whose arguments are literals."""
    if not settings.configured:
        settings.configure()
    for name, arguments in CALL.findall(templatize(source)):
        values = ast.literal_eval(f"({arguments.rstrip().rstrip(',')},)")
        if name == "ngettext":
            yield Message((values[0], values[1]))
        elif name == "pgettext":
            yield Message(values[1], values[0])
        else:
            yield Message(values[0])


def of_code(path: Path) -> Iterator[Message]:
    for _line, text, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield Message(text if isinstance(text, str) else (text[0], text[1]), context)
    for sentence in sentences_in(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
            yield Message(sentence.value)


def sentences_in(tree: ast.AST) -> Iterator[ast.expr]:
    """What is given as a sentence for a person: usually a literal, else whatever makes one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            position = SAID_BY.get(name)
            if position is not None and len(node.args) > position:
                yield node.args[position]


def of_domain() -> Iterator[Message]:
    """Words that pages translate where they show them: names of parts, settings, features and templates."""
    from accounts.rules import WORDS
    from billing.domain.catalogues import CATALOGUES
    from billing.domain.offers import FEATURES, LIMITS
    from billing.domain.usage_types import RESERVED
    from moderation.domain import sentences
    from moderation.domain.labels import LABELS, in_words
    from moderation.domain.schemas import BlipConfig, Intent, NudenetConfig, UsageIntents
    from moderation.domain.templates import INDUSTRY_TEMPLATES

    for limit in LIMITS:
        if limit.many:
            yield Message((limit.one, limit.many))
    models = (NudenetConfig, BlipConfig, Intent, UsageIntents)
    fields = [field for model in models for field in model.model_fields.values()]
    words = [
        *(said for label in LABELS for said in (in_words(label), in_words(label).capitalize())),
        *(said for field in fields for said in (field.title, field.description)),
        *(said for offer in (*FEATURES, *LIMITS) for said in (offer.label, offer.description)),
        *(entry.description for entries in CATALOGUES.values() for entry in entries),
        *RESERVED.values(),
        *WORDS.values(),
        *sentences.ALL,
        *(said for each in INDUSTRY_TEMPLATES for said in (each.display_name, each.description)),
        *(reason for each in INDUSTRY_TEMPLATES for reason in each.rationale.values()),
    ]
    yield from (Message(said) for said in words if said)


def catalogue(root: Path, language: str) -> Catalog:
    path = source_of(root, language)
    if not path.exists():
        return Catalog(locale=language, project="MuseNest")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def source_of(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def update(root: Path, language: str) -> list[Message]:
    """Bring the catalogue in step with the sources; returns what is still to be translated."""
    old, new = catalogue(root, language), Catalog(locale=language, project="MuseNest")
    found = sorted(messages(root), key=str)
    for message in found:
        known = old.get(message.text, message.context)
        new.add(message.text, known.string if known else None, context=message.context)
    path = source_of(root, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)
    return [message for message in found if not is_translated(new, message)]


def is_translated(known: Catalog, message: Message) -> bool:
    found = known.get(message.text, message.context)
    if found is None:
        return False
    return all(found.string) if isinstance(found.string, tuple) else bool(found.string)


def compile_all(root: Path = ROOT) -> bool:
    """Every language under `locale/` as Django reads it, under `var/locale/`; whether anything changed."""
    changed = [compile_one(root, path.parent.parent.name) for path in sources(root)]
    return any(changed)


def sources(root: Path) -> list[Path]:
    return sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))


def compile_one(root: Path, language: str) -> bool:
    compiled = BytesIO()
    write_mo(compiled, catalogue(root, language))
    target = root / "var" / "locale" / language / "LC_MESSAGES" / "django.mo"
    if target.exists() and target.read_bytes() == compiled.getvalue():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name("django.mo.fresh")
    fresh.write_bytes(compiled.getvalue())
    fresh.replace(target)
    return True


if __name__ == "__main__":
    for source in sources(ROOT):
        language = source.parent.parent.name
        for missing in update(ROOT, language):
            print(f"{language}: not translated: {missing.text}")
    compile_all()
