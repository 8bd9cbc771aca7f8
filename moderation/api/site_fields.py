"""A site as the API answers it, and the bodies that change one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from moderation.api.documents import (
    BlipConfigField,
    DocumentsSerializer,
    ModerationRulesField,
    NudenetConfigField,
    UsageIntentsField,
)
from moderation.models import Site, SiteStatus
from moderation.models.sites import LEAST_MONTHS, MOST_MONTHS
from moderation.selectors import configurations
from musenest.common.api.fields import BodySerializer, SparseSerializer


class EffectiveSerializer(serializers.Serializer[Any]):
    """The template with the site's documents laid over it."""

    documents = DocumentsSerializer()
    sources = serializers.DictField(
        child=serializers.ChoiceField(["template", "site", "default"]),
        help_text="where each value comes from, by its dotted path",
    )


class SiteSummarySerializer(SparseSerializer):
    """A site as lists show it."""

    id = serializers.UUIDField()
    site_identifier = serializers.CharField()
    site_name = serializers.CharField()
    server = serializers.UUIDField(source="server_id", allow_null=True)
    industry_template = serializers.CharField(source="industry_template.name")
    nudenet_config = NudenetConfigField(help_text="what the site changes of its template")
    blip_config = BlipConfigField()
    moderation_rules = ModerationRulesField()
    usage_intents = UsageIntentsField()
    webhook_url = serializers.CharField()
    is_active = serializers.BooleanField()
    retention_months = serializers.IntegerField(help_text="how long its decisions are kept")
    deployment_status = serializers.ChoiceField(SiteStatus.choices)
    config_version = serializers.IntegerField(help_text="counts the saves")
    deployed_version = serializers.IntegerField(
        source="deployed_version.number",
        default=None,
        allow_null=True,
        help_text="the version that decides now",
    )
    last_deployed_at = serializers.DateTimeField(allow_null=True)
    last_saved_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SiteSerializer(SiteSummarySerializer):
    """A site with the configuration that it comes to."""

    effective_config = serializers.SerializerMethodField()

    @extend_schema_field(EffectiveSerializer)
    def get_effective_config(self, site: Site) -> Any:
        found = configurations.of_site(site).effective
        return {"documents": found.documents, "sources": found.sources}


class SiteBody(BodySerializer):
    """All that can be set. What PUT does not name is emptied, except the server and `retention_months`; what
    PATCH does not name stays, and of a document it changes the named values only (null takes one away).
    """

    site_identifier = serializers.CharField(max_length=100, help_text="unique in the organisation")
    site_name = serializers.CharField(max_length=120)
    industry_template = serializers.CharField(max_length=40, help_text="the name of a template")
    server = serializers.UUIDField(
        required=False, allow_null=True, help_text="without it the placement chooses"
    )
    nudenet_config = NudenetConfigField(required=False)
    blip_config = BlipConfigField(required=False)
    moderation_rules = ModerationRulesField(required=False)
    usage_intents = UsageIntentsField(required=False)
    webhook_url = serializers.URLField(
        max_length=2000, allow_blank=True, required=False, help_text="kept; nothing is sent to it yet"
    )
    is_active = serializers.BooleanField(required=False)
    retention_months = serializers.IntegerField(
        min_value=LEAST_MONTHS,
        max_value=MOST_MONTHS,
        required=False,
        help_text="older decisions are removed, except escalated ones; 13 unless you say another. Fewer "
        "are an owner's or admin's to say, signed in lately",
    )


class SiteChangeBody(SiteBody):
    config_version = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="the one that you saw; 409 where it is stale. If-Match says the same",
    )
