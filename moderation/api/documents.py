"""The four documents that say how pictures are moderated, as they stand in bodies and answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moderation.domain.schemas import BlipConfig, ModerationRules, NudenetConfig, UsageIntents

shown_as: Any = extend_schema_field  # it takes pydantic's models, but its types do not say so


@shown_as(NudenetConfig)
class NudenetConfigField(serializers.JSONField):
    pass


@shown_as(BlipConfig)
class BlipConfigField(serializers.JSONField):
    pass


@shown_as(ModerationRules)
class ModerationRulesField(serializers.JSONField):
    pass


@shown_as(UsageIntents)
class UsageIntentsField(serializers.JSONField):
    pass


class DocumentsSerializer(serializers.Serializer[Any]):
    nudenet_config = NudenetConfigField(default=dict)
    blip_config = BlipConfigField(default=dict)
    moderation_rules = ModerationRulesField(default=dict)
    usage_intents = UsageIntentsField(default=dict)
