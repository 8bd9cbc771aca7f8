"""Values as the admin shows them."""

import json
from collections.abc import Iterable

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

NOTHING = "—"
SHORT = 120


def as_json(value: object) -> SafeString:
    """Indented JSON, keys in order."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return format_html('<pre class="mn-json">{}</pre>', text)


def as_lines(lines: Iterable[str]) -> SafeString | str:
    """One line each, or a dash."""
    found = [(line,) for line in lines]
    return (
        format_html('<ul class="mn-lines">{}</ul>', format_html_join("", "<li>{}</li>", found))
        if found
        else NOTHING
    )


def short(text: str) -> SafeString | str:
    """Text cut for a list, whole on hover; a dash where there is none."""
    if len(text) <= SHORT:
        return text or NOTHING
    return format_html('<span title="{}">{}…</span>', text, text[:SHORT].rstrip())
