"""`?fields=` on every serializer: answer with these only."""

from typing import Any

from rest_framework import serializers


class SparseSerializer(serializers.Serializer[Any]):
    """Leaves out what `?fields=a,b` does not name. Unknown names are ignored; none left means all."""

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        request = self.context.get("request")
        asked = set(request.query_params.get("fields", "").split(",")) & data.keys() if request else set()
        return {name: value for name, value in data.items() if name in asked} if asked else data
