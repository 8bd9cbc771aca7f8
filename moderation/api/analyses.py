from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.decision_fields import AnalysisSerializer, SealedDecisionSerializer
from moderation.models import Decision
from moderation.selectors import decisions, sites
from moderation.services import analyses, rehearsals
from musenest.common import rates
from musenest.common.api.fields import BodySerializer
from musenest.common.api.multipart import CamelCaseMultiPartParser, refuse_large
from musenest.common.api.schema import protected
from musenest.common.api.views import LIVE, ApiViewSet
from musenest.common.errors import InvalidError


class PictureField(serializers.FileField):
    """Bytes, whatever they claim to be: their own header decides, and their name is not looked at."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(data).read()


class AnalysisBody(BodySerializer):
    image = PictureField(
        allow_empty_file=True,
        help_text="JPEG, PNG, WebP or GIF: one picture of at most 20 MiB and 40 megapixels",
    )
    site = serializers.CharField(max_length=100, help_text="the UUID or the site identifier")
    usage_intent = serializers.CharField(max_length=40, required=False, allow_blank=True)
    context_type = serializers.CharField(max_length=40, required=False, allow_blank=True)
    external_id = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="your own name"
    )


# To a person without the grant an escalated one is short.
ANSWER = PolymorphicProxySerializer(
    component_name="AnalysisAnswer",
    serializers=[AnalysisSerializer, SealedDecisionSerializer],
    resource_type_field_name=None,
)


class AnalysesViewSet(ApiViewSet):
    """The picture is in memory only: no disk, no log, and of the idempotency store a digest."""

    permissions = {"create": "analyze"}
    test_actions = frozenset({"create"})
    parser_classes = (CamelCaseMultiPartParser,)
    rate = rates.ANALYZE
    queryset = Decision.objects.none()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        # Before a credential is looked at: a session's CSRF token would be searched for in the body.
        refuse_large(request.META.get("CONTENT_LENGTH"))
        super().initial(request, *args, **kwargs)

    @extend_schema(
        tags=["Moderation"],
        operation_id="analyze_picture",
        summary="Moderate a picture",
        description="Have one picture analysed by the site's deployed configuration. Whatever goes wrong "
        "with the "
        "moderation server, the answer is 200 and `flagged` with the reason, and does not count. Hold the "
        "picture on "
        "every answer that is not 200. A key of the test mode gets a fixed answer by the picture's SHA-256 "
        "(docs/quickstart.md lists them): no server is called and nothing is counted. Of an escalated "
        "picture a person without the grant hears `standing`, `escalated`, `preserve` and `sealed`, and "
        "nothing of what led to it.",
        request={"multipart/form-data": AnalysisBody},
        responses={
            200: ANSWER,
            **protected(
                {
                    404: "`SITE_UNKNOWN`: there is no such site, or it is not yours.",
                    409: "`SITE_NOT_DEPLOYED`, `SITE_INACTIVE`",
                    413: "`UPLOAD_TOO_LARGE`, `IMAGE_TOO_LARGE`, `IMAGE_TOO_MANY_PIXELS`",
                    415: "`IMAGE_UNSUPPORTED`, `ANIMATION_UNSUPPORTED`, `MEDIA_TYPE_UNSUPPORTED`",
                    422: "`IMAGE_EMPTY`, `IMAGE_UNREADABLE`, `VALIDATION_ERROR`, `UNKNOWN_FIELD`",
                    429: "`MONTHLY_LIMIT`: `details.decision` is `flagged`.",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        if len(request.FILES.getlist("image")) > 1:
            raise InvalidError("Send one picture in a request.", code="ONE_PICTURE_ONLY")
        fields = self.validated(AnalysisBody)
        site = sites.get_for_analysis(self.organization, fields.pop("site"))
        person = self.caller.person
        # A key of the test mode gets a fixed answer, and no server hears of the picture.
        run = analyses.run if self.caller.mode == LIVE else rehearsals.run
        decision = run(
            site=site,
            image=fields.pop("image"),
            by=self.caller.actor,
            request=analyses.Request(**fields, person=person.pk if person else None),
        )
        told = decisions.told_of(self.caller, decision)
        is_sealed = isinstance(told, decisions.SealedDecision)
        return Response(self.shown(SealedDecisionSerializer if is_sealed else AnalysisSerializer, told))
