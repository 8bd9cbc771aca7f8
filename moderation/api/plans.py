from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.sites import SITE, TAGS, UNKNOWN
from moderation.models import Site
from moderation.selectors import plans, sites
from musenest.common.api.schema import protected
from musenest.common.api.views import ApiViewSet


class ChangeSerializer(serializers.Serializer[Any]):
    path = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # the metaclass takes it away again
        ["template", "site", "default", "derived"]
    )


class WarningSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    path = serializers.CharField()
    message = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class PlanSerializer(serializers.Serializer[Any]):
    """What deploying would do."""

    nudenet = serializers.DictField(help_text="translated")
    blip = serializers.DictField(help_text="translated")
    moderation_rules = serializers.DictField()
    usage_intents = serializers.DictField()
    digest = serializers.CharField(help_text="what `expected_digest` of a deployment names")
    changes = ChangeSerializer(many=True, help_text="against what is in force")
    warnings = WarningSerializer(many=True)
    conflicts = ConflictSerializer(many=True, help_text="what must be settled before it can be deployed")


class PlansViewSet(ApiViewSet):
    permissions = {"create": "sites:read"}
    queryset = Site.objects.none()

    @extend_schema(
        tags=TAGS,
        operation_id="plan_site",
        summary="The dry run of a deployment",
        description="What deploying the site as it is saved would change, and what speaks against it. Sends "
        "nothing, "
        "saves nothing.",
        parameters=[SITE],
        request=None,
        responses={
            200: PlanSerializer,
            **protected(UNKNOWN | {422: "`CONFIGURATION_INVALID`: what is wrong or missing, with its path."}),
        },
    )
    def create(self, request: Request, site: str) -> Response:
        return Response(plans.of_site(sites.get_for(self.organization, site)).payload())
