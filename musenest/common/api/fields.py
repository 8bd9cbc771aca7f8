"""What goes in and out: `?fields=` on every answer, and bodies that hold nothing unknown."""

import unicodedata
from functools import cache
from typing import Any

from rest_framework import serializers

from musenest.common.errors import InvalidError


class SparseSerializer(serializers.Serializer[Any]):
    """Leaves out what `?fields=a,b` does not name. Unknown names are ignored; none left means all.

    Only the answer's own fields are chosen among, not those of objects inside it.
    """


def show(serializer: type[serializers.BaseSerializer[Any]], instance: Any, asked: str = "") -> Any:
    """The instance in words of the API; `asked` is what `?fields=` says."""
    data = reader(serializer).to_representation(instance)  # type: ignore[arg-type]  # a class has its own hash
    if not (asked and issubclass(serializer, SparseSerializer)):
        return data
    chosen = set(asked.split(",")) & data.keys()
    return {name: value for name, value in data.items() if name in chosen} if chosen else data


@cache
def reader(serializer: type[serializers.BaseSerializer[Any]]) -> serializers.BaseSerializer[Any]:
    """One instance for everybody: making its fields costs more than an answer does. It has no context."""
    return serializer()


# Texts stand in pages, mails and logs, where a line break would begin something else.
NO_CONTROL_CHARACTERS = "Control characters and line breaks are not allowed."


class BodySerializer(serializers.Serializer[Any]):
    """A body. Raises InvalidError `UNKNOWN_FIELD` naming every field that is not one of ours: a field that
    is misspelt must not be ignored in silence.
    """

    def to_internal_value(self, data: Any) -> Any:
        known = {name for name, field in self.fields.items() if not field.read_only}
        unknown = sorted(set(data) - known)
        if unknown:
            raise unknown_fields(unknown)
        for name in known & set(data):
            if isinstance(data[name], str) and has_control_characters(data[name]):
                raise serializers.ValidationError({name: [NO_CONTROL_CHARACTERS]})
        return super().to_internal_value(data)


def has_control_characters(text: str) -> bool:
    return any(unicodedata.category(character) == "Cc" for character in text)


def unknown_fields(names: list[str]) -> InvalidError:
    message = "There is no such field here."
    return InvalidError(
        f"Unknown fields: {', '.join(names)[:500]}.",
        code="UNKNOWN_FIELD",
        details={
            "errors": [
                {"path": name[:200], "code": "UNKNOWN_FIELD", "message": message} for name in names[:50]
            ],
            "field": names[0][:200],
            "reason": message,
        },
    )
