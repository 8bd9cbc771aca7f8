"""How the admin spells what the code calls in its own words: British, and abbreviations in capitals."""

from django.db.models import Model

WORDS = {"organization": "organisation", "organizations": "organisations", "url": "URL", "id": "ID"}


def spelled(name: object) -> str:
    return " ".join(WORDS.get(word, word) for word in str(name).split(" "))


def spell(model: type[Model]) -> None:
    """Give the model and its fields names for people; what migrations compare stays as it is."""
    for field in model._meta.fields:
        field.verbose_name = spelled(field.verbose_name)
    model._meta.verbose_name = spelled(model._meta.verbose_name)
    model._meta.verbose_name_plural = spelled(model._meta.verbose_name_plural)
