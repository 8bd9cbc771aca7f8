"""A decision as the API answers it: the short form of `analyze`, the long one of lists, with events for
one.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moderation.domain.scores import RISK_LEVELS
from moderation.models import Decision, DecisionKind
from moderation.selectors import decisions
from musenest.common.api.fields import SparseSerializer

MODES = [("live", "live"), ("test", "test")]
CHILD_SAFETY = ("assessed", "pending", "unavailable")


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="stable: for programs")
    message = serializers.CharField(help_text="a sentence with its figures: for people")
    details = serializers.DictField()


class BoxSerializer(serializers.Serializer[Any]):
    """In pixels of the picture that was sent."""

    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField()
    height = serializers.FloatField()


class LocationSerializer(BoxSerializer):
    confidence = serializers.FloatField(help_text="percent")


class LabelSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes it away again
    score = serializers.FloatField(help_text="percent")
    box = BoxSerializer(allow_null=True)


class ScoredSerializer(serializers.Serializer[Any]):
    """How one detection counted."""

    label = serializers.CharField()  # type: ignore[assignment]  # the metaclass takes it away again
    score = serializers.FloatField(help_text="percent")
    weight = serializers.FloatField()
    counts = serializers.BooleanField()
    contribution = serializers.FloatField(help_text="score times weight; 0 under the threshold")


class VerdictSerializer(SparseSerializer):
    """What was decided about a picture and why. Scores are percentages; null where nobody could assess it."""

    id = serializers.IntegerField(help_text="a whole number; 64 bits")
    decision = serializers.ChoiceField(DecisionKind.choices)
    reasons = ReasonSerializer(source="verdict_by_now.reasons", many=True)
    nudity_score = serializers.FloatField(allow_null=True)
    final_risk_score = serializers.FloatField(source="verdict_by_now.final_risk_score", allow_null=True)
    risk_level = serializers.ChoiceField(
        [(level, level) for level in RISK_LEVELS], source="verdict_by_now.risk_level"
    )
    labels = LabelSerializer(many=True, help_text="every detection")
    detected_parts = serializers.SerializerMethodField()
    part_locations = serializers.SerializerMethodField()
    image_hash = serializers.CharField(help_text="SHA-256 of what was sent")
    perceptual_hash = serializers.CharField(help_text="PDQ")
    child_safety = serializers.ChoiceField(
        [(word, word) for word in CHILD_SAFETY], source="verdict_by_now.child_safety"
    )
    escalated = serializers.BooleanField(source="is_escalated_by_now")
    preserve = serializers.BooleanField(
        source="is_preserve_by_now", help_text="keep the original: you may have to show it"
    )
    stages_missing = serializers.ListField(
        child=serializers.CharField(), source="verdict_by_now.stages_missing"
    )
    config_version = serializers.IntegerField(
        help_text="number of the configuration version that decided; 0 where there was none, in the test mode"
    )
    server = serializers.UUIDField(source="server_id", allow_null=True)
    request_id = serializers.CharField()
    mode = serializers.ChoiceField(MODES, help_text="`test`: the fixed answer to a key of the test mode")

    @extend_schema_field(
        serializers.DictField(child=serializers.FloatField(), help_text="highest score of each label")
    )
    def get_detected_parts(self, decision: Decision) -> dict[str, float]:
        return decision.detected_parts()

    @extend_schema_field(
        serializers.DictField(child=LocationSerializer(), help_text="the box of that detection")
    )
    def get_part_locations(self, decision: Decision) -> dict[str, Any]:
        return decision.part_locations()


class AnalysisSerializer(VerdictSerializer):
    """The answer to a picture."""

    credits_used = serializers.SerializerMethodField(help_text="0 inside the quota")

    def get_credits_used(self, decision: Decision) -> int:
        return 0


class DecisionSerializer(VerdictSerializer):
    """A decision: `decision` and `caption` as they were recorded (a later caption is among the events),
    everything else as it stands by now.
    """

    standing = serializers.ChoiceField(DecisionKind.choices, help_text="what it is by now")
    site = serializers.UUIDField(source="site_id")
    site_identifier = serializers.CharField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    child_risk = serializers.FloatField(source="verdict_by_now.child_risk", allow_null=True)
    threshold = serializers.FloatField(allow_null=True, help_text="percent; of the context")
    scored = ScoredSerializer(many=True)
    usage_intent = serializers.CharField()
    context_type = serializers.CharField()
    external_id = serializers.CharField()
    caption = serializers.CharField()
    stages_done = serializers.ListField(child=serializers.CharField(), source="verdict_by_now.stages_done")
    image_width = serializers.IntegerField(allow_null=True)
    image_height = serializers.IntegerField(allow_null=True)
    model_digest = serializers.CharField()
    rules_version = serializers.CharField()
    server_name = serializers.CharField()
    response_time_ms = serializers.IntegerField(allow_null=True)


class SealedDecisionSerializer(SparseSerializer):
    """What is told of an escalated decision to the API key that sent the picture, and to a person without the
    grant who did: do not show the picture, and keep the original.
    """

    id = serializers.IntegerField()
    site = serializers.UUIDField()
    external_id = serializers.CharField()
    mode = serializers.ChoiceField(MODES)
    standing = serializers.ChoiceField(DecisionKind.choices, help_text="what it is by now")
    escalated = serializers.BooleanField()
    preserve = serializers.BooleanField(help_text="keep the original: you may have to show it")
    sealed = serializers.BooleanField(help_text="always true: what led to it is not told")


class EventSerializer(serializers.Serializer[Any]):
    """Something that happened to a decision later."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    decision = serializers.CharField(help_text="what it became, if it changed")
    data = serializers.DictField()  # type: ignore[assignment]  # the metaclass takes it away again
    is_escalated = serializers.BooleanField()
    caption = serializers.CharField()
    created_by = serializers.CharField()
    created_at = serializers.DateTimeField()


class DecisionWithEventsSerializer(DecisionSerializer):
    events = serializers.SerializerMethodField()

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, decision: Decision) -> Any:
        return EventSerializer(decisions.events_of(decision), many=True).data
