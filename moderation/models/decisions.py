from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils import timezone

from billing.models import TEST
from musenest.common.encryption import EncryptedTextField

# Of a verdict, what a caption that comes later may change.
REVISED = (
    "reasons",
    "child_risk",
    "final_risk_score",
    "risk_level",
    "child_safety",
    "stages_done",
    "stages_missing",
)


class DecisionKind(models.TextChoices):
    APPROVED = "approved"
    FLAGGED = "flagged"
    REJECTED = "rejected"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def with_standing(self) -> "DecisionQuerySet":
        """Adds `standing`, what the decision has become by now (the newest event's word, if any says one),
        `was_escalated`, whether at once or later, and `said_later`, the events' data, for `verdict_by_now`.
        """
        revisions = events_of_row().exclude(decision="").order_by("-created_at", "-id").values("decision")[:1]
        return self.annotate(
            standing=Coalesce(models.Subquery(revisions), models.F("decision")),
            was_escalated=models.Q(is_escalated=True) | models.Exists(escalations()),
            said_later=ArraySubquery(events_of_row().order_by("created_at", "id").values("data")),
        )

    def at_risk(self, level: str) -> "DecisionQuerySet":
        """Those whose risk level is this one by now: the newest word, as `verdict_by_now` finds it."""
        said = events_of_row().filter(data__has_key="risk_level").order_by("-created_at", "-id")
        newest = said.values(level=KeyTextTransform("risk_level", "data"))[:1]
        risk = Coalesce(models.Subquery(newest), "risk_level", output_field=models.TextField())
        return self.alias(risk_by_now=risk).filter(risk_by_now=level)

    def not_escalated(self) -> "DecisionQuerySet":
        """Without those that were escalated, at once or by a caption that came later."""
        return self.filter(~models.Exists(escalations()), is_escalated=False)


class Decision(models.Model):
    """The machine's record of one picture. It never changes; what comes later (a caption, a person) is
    an event.

    Partitioned by month of `created_at`; nothing refers to it by foreign key. Of the picture itself
    only hashes and detections are kept (REQUIREMENTS.md, 23).
    """

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField()
    site_id = models.UUIDField()
    site_identifier = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=8, choices=DecisionKind)
    reasons = models.JSONField(default=list, help_text="code, message, details")
    is_escalated = models.BooleanField(default=False)
    is_preserve = models.BooleanField(
        default=False, help_text="the customer holds the original and the duty to keep it"
    )
    nudity_score = models.FloatField(null=True)
    child_risk = models.FloatField(null=True)
    final_risk_score = models.FloatField(null=True)
    risk_level = models.CharField(max_length=8, blank=True)
    threshold = models.FloatField(null=True, help_text="percent; of the context")
    usage_intent = models.CharField(max_length=40, blank=True)
    context_type = models.CharField(max_length=40, blank=True)
    labels = models.JSONField(
        default=list, help_text="every detection: label, score in percent, box in pixels"
    )
    scored = models.JSONField(
        default=list, help_text="how each detection counted: score, weight, contribution"
    )
    child_safety = models.CharField(max_length=12, default="unavailable")
    stages_done = models.JSONField(default=list)
    stages_missing = models.JSONField(default=list)
    caption = EncryptedTextField(blank=True)
    image_hash = models.CharField(max_length=64, help_text="SHA-256")
    perceptual_hash = models.CharField(max_length=64, blank=True, help_text="PDQ")
    image_width = models.PositiveIntegerField(null=True)
    image_height = models.PositiveIntegerField(null=True)
    model_digest = models.CharField(max_length=64, blank=True)
    config_version = models.PositiveIntegerField(
        null=True, help_text="number of the configuration version that decided"
    )
    rules_version = models.CharField(max_length=20, blank=True, help_text="of the code that decided")
    server_id = models.UUIDField(null=True)
    server_name = models.CharField(max_length=80, blank=True)
    server_answer = models.JSONField(default=dict, help_text="the server's own figures: kept, never used")
    response_time_ms = models.PositiveIntegerField(null=True)
    external_id = models.CharField(max_length=200, blank=True)
    created_by = models.CharField(max_length=255)
    api_key_id = models.UUIDField(
        null=True, editable=False, help_text="that sent the picture; none of a person's"
    )
    request_id = models.CharField(max_length=64, blank=True)
    mode = models.CharField(max_length=4, default="live")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        db_table = "moderation_decisions"
        managed = False

    def __str__(self) -> str:
        return f"{self.site_identifier} {self.pk}: {self.decision}"

    @property
    def is_test(self) -> bool:
        return self.mode == TEST

    @property
    def by_now(self) -> str:
        """What it has become; of a row that was just made, what was decided."""
        return getattr(self, "standing", self.decision)

    @property
    def is_escalated_by_now(self) -> bool:
        return getattr(self, "was_escalated", self.is_escalated)

    @property
    def is_preserve_by_now(self) -> bool:
        """Whether the customer has to keep the original, at once or since a caption escalated it."""
        return self.is_preserve or self.is_escalated_by_now

    @property
    def verdict_by_now(self) -> dict[str, Any]:
        """What stands of `REVISED`: of each field the newest word, the machine's first one where nothing came
        later.
        """
        verdict = {name: getattr(self, name) for name in REVISED}
        for said in getattr(self, "said_later", ()):
            verdict |= {name: said[name] for name in REVISED if name in said}
        return verdict

    @property
    def is_failed_closed(self) -> bool:
        """Whether it was flagged because the server did not answer properly."""
        return self.final_risk_score is None

    def detected_parts(self) -> dict[str, float]:
        """The highest score of each label, in percent."""
        highest: dict[str, float] = {}
        for label in self.labels:
            highest[label["label"]] = max(label["score"], highest.get(label["label"], 0.0))
        return highest

    def part_locations(self) -> dict[str, dict[str, Any]]:
        """The box of the highest detection of each label, with its confidence."""
        return {
            label["label"]: {**label["box"], "confidence": label["score"]}
            for label in sorted(self.labels, key=lambda found: float(found["score"]))
            if label.get("box")
        }


class DecisionEvent(models.Model):
    """Something that happened to a decision later: a stage that answered, a person who resolved it.
    Partitioned like it.
    """

    id = models.BigAutoField(primary_key=True)
    organization_id = models.UUIDField()
    decision_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    decision = models.CharField(max_length=8, choices=DecisionKind, blank=True, help_text="what it became")
    is_escalated = models.BooleanField(default=False)
    caption = EncryptedTextField(blank=True)
    data = models.JSONField(default=dict)
    created_by = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "moderation_decision_events"
        managed = False

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.kind}"


def events_of_row() -> models.QuerySet[DecisionEvent]:
    """The events of the decision of an outer query."""
    return DecisionEvent.objects.filter(
        organization_id=models.OuterRef("organization_id"), decision_id=models.OuterRef("id")
    )


def escalations() -> models.QuerySet[DecisionEvent]:
    return events_of_row().filter(is_escalated=True)
