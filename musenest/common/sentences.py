"""Sentences that were written in English, before anybody knew who would read them, in the reader's language.

The domain, which knows of no language, and records (a deployment's error, a decision's reason) keep English
sentences. What differs from case to case in them was put into a template by `%`; the template is what is
translated, so it has to be known here (`know`, by the app's AppConfig).
"""

import re

from django.utils.translation import gettext

FIGURE = re.compile(r"%\((\w+)\)([rsdg])|%%")
_known: dict[str, re.Pattern[str]] = {}


def know(*templates: str) -> None:
    """Recognise sentences that were made from these."""
    _known.update((template, pattern_of(template)) for template in templates if FIGURE.search(template))


def known() -> list[str]:
    return list(_known)


def pattern_of(template: str) -> re.Pattern[str]:
    """What the template's sentences look like; a name that stands twice has to say the same twice."""
    parts, at, named = [], 0, set[str]()
    for found in FIGURE.finditer(template):
        name = found[1]
        said = "%" if name is None else f"(?P={name})" if name in named else f"(?P<{name}>.+?)"
        parts += [re.escape(template[at : found.start()]), said]
        named.add(name)
        at = found.end()
    return re.compile("".join(parts) + re.escape(template[at:]), re.DOTALL)


def say(sentence: str) -> str:
    """The sentence in the reader's language; as it is, where nobody translated it."""
    if not sentence:
        return ""
    said = gettext(sentence)
    if said != sentence:
        return said
    for template, pattern in _known.items():
        if found := pattern.fullmatch(sentence):
            return as_text(gettext(template)) % found.groupdict()
    return sentence


def as_text(template: str) -> str:
    """The figures are texts by now: what asks for a number takes them as they were written."""
    return FIGURE.sub(lambda found: f"%({found[1]})s" if found[1] else found[0], template)
