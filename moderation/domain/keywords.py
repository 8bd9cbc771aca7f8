"""Words in a caption that tell of a child.

The built-in list cannot be made shorter by any configuration. It is wide on purpose: captioning models write
"girl" and "boy" for children and adults alike, and a needless look by a person is the smaller harm. Captions
are a signal for routing; they neither estimate an age nor prove one.
"""

import re
import unicodedata
from collections.abc import Iterable

CHILD_NOUNS: tuple[str, ...] = (
    "adolescent",
    "baby",
    "boy",
    "child",
    "daughter",
    "girl",
    "infant",
    "juvenile",
    "kid",
    "kindergarten",
    "minor",
    "newborn",
    "preschooler",
    "preteen",
    "pre-teen",
    "schoolboy",
    "schoolchild",
    "schoolgirl",
    "son",
    "teen",
    "teenage",
    "teenager",
    "toddler",
    "tween",
    "underage",
    "youngster",
)

_ADULT_AGE = 18
_AGES = tuple(f"{age} {unit} old" for age in range(_ADULT_AGE) for unit in ("year", "years"))
_YOUNG_AGES = tuple(f"{unit} old" for unit in ("day", "days", "week", "weeks", "month", "months"))

BUILT_IN_CHILD_KEYWORDS: tuple[str, ...] = (*CHILD_NOUNS, *_AGES, *_YOUNG_AGES)

_IRREGULAR = {
    "child": "children",
    "grandchild": "grandchildren",
    "schoolchild": "schoolchildren",
    "stepchild": "stepchildren",
    "man": "men",
    "woman": "women",
    "person": "people",
}
_PLURALS = frozenset(_IRREGULAR.values())
_HISSING = ("ss", "x", "z", "ch", "sh")
_WORD = re.compile(r"[^\W_]+")


def expand(keywords: Iterable[str]) -> list[str]:
    """The keywords in lower case with their English plurals, each once, sorted.

    The result depends on neither order nor repetition, and expanding it again changes nothing: a server's
    list can be compared with ours. A phrase gets the plural of its last word; a word that ends in a single s
    counts as a plural.
    """
    singular = {" ".join(keyword.lower().split()) for keyword in keywords} - {""}
    return sorted(singular | {_plural(keyword) for keyword in singular})


def found_in(caption: str, keywords: Iterable[str]) -> list[str]:
    """The keywords that stand in the caption as whole words, sorted; case and punctuation do not matter.

    `child` is found in "A child's toy" and "child-like" but not in "childhood".
    """
    text = _spaced(caption)
    return sorted({keyword for keyword in keywords if has_words(keyword) and _spaced(keyword) in text})


def has_words(keyword: str) -> bool:
    """Whether there is a letter or a digit to look for."""
    return _WORD.search(keyword) is not None


def _spaced(text: str) -> str:
    # Compatibility forms (full-width letters, ligatures) are the same words to whoever reads them.
    words = _WORD.findall(unicodedata.normalize("NFKC", text).lower())
    return f" {' '.join(words)} "


def _plural(keyword: str) -> str:
    head, space, last = keyword.rpartition(" ")
    return f"{head}{space}{_plural_word(last)}"


def _plural_word(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _PLURALS or not word[-1].isalpha():
        return word
    if word.endswith(_HISSING):
        return f"{word}es"
    if word.endswith("s"):
        return word
    if len(word) > 1 and word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
