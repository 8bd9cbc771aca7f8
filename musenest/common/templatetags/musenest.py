"""Tags that every template has without loading them."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from musenest.common import browsers, sentences

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite. Decorative unless it has a label."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#icon-{}"></use></svg>',
            label,
            static("icons.svg"),
            name,
        )
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon-{}"></use></svg>', static("icons.svg"), name
    )


@register.filter
def thousands(number: int) -> str:
    """`12,345`: figures read the same in every language here, in drawings and in the API."""
    return f"{number:,}"


@register.filter
def said(sentence: str) -> str:
    """A sentence that was written in English, in the reader's language."""
    return sentences.say(sentence)


@register.filter
def browser(agent: str) -> str:
    """A User-Agent header as people call the browser."""
    return browsers.named(agent)
