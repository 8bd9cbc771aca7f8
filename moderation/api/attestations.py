from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.sites import SITE, TAGS, UNKNOWN
from moderation.models import Attestation
from moderation.selectors import attestations as reading
from moderation.selectors import sites
from moderation.services import attestations
from musenest.common.api.fields import BodySerializer
from musenest.common.api.schema import protected
from musenest.common.api.views import ApiViewSet
from musenest.common.errors import DeniedError


class AttestationSerializer(serializers.Serializer[Any]):
    """What the owner of an organisation with adult sites states, and whether it was stated."""

    wording_version = serializers.IntegerField()
    wording = serializers.CharField()
    is_stated = serializers.SerializerMethodField(help_text="in this wording: an older one counts no more")
    stated_by = serializers.SerializerMethodField()
    stated_at = serializers.DateTimeField(source="attestation.created_at", default=None, allow_null=True)

    def get_is_stated(self, standing: reading.Standing) -> bool:
        return standing.attestation is not None

    def get_stated_by(self, standing: reading.Standing) -> str:
        return standing.attestation.stated_by if standing.attestation else ""


class AttestationBody(BodySerializer):
    wording_version = serializers.IntegerField(min_value=1, help_text="of the wording that you have read")


class AttestationsViewSet(ApiViewSet):
    permissions = {"retrieve": "sites:read", "create": "attest"}
    queryset = Attestation.objects.none()

    def check_permission(self) -> None:
        if self.action == "create" and self.caller.person is None:
            raise DeniedError("This is a person's to state. An API key is none.", code="PERSON_NEEDED")
        super().check_permission()

    @extend_schema(
        tags=TAGS,
        operation_id="get_attestation",
        summary="What the owner states for adult sites",
        description="The statement about age and consent that must be there before a site on an adult "
        "template (its `needs_attestation`), or with the intent `paysite`, can be deployed. It counts for "
        "all sites of the organisation.",
        parameters=[SITE],
        responses={200: AttestationSerializer, **protected(UNKNOWN)},
    )
    def retrieve(self, request: Request, site: str) -> Response:
        return self.answer(sites.get_for(self.organization, site).organization_id)

    @extend_schema(
        tags=TAGS,
        operation_id="attest",
        summary="State it",
        description="State the wording that was read for the whole organisation. It is recorded with your "
        "name and this moment and never changed. An owner's to do; an API key cannot.",
        parameters=[SITE],
        request=AttestationBody,
        responses={
            201: AttestationSerializer,
            **protected(
                UNKNOWN
                | {
                    403: "`PERSON_NEEDED`: an API key is nobody's. `DENIED`: an owner states it.",
                    409: "`WORDING_CHANGED`: read it again. `ATTESTATION_EXISTS`: it was stated before.",
                    422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`",
                }
            ),
        },
    )
    def create(self, request: Request, site: str) -> Response:
        found = sites.get_for(self.organization, site)
        fields = self.validated(AttestationBody)
        attestations.make(organization=found.organization, **fields, by=self.caller.actor)
        return self.answer(found.organization_id, status=201)

    def answer(self, organization: Any, status: int = 200) -> Response:
        return Response(self.shown(AttestationSerializer, reading.standing_of(organization)), status=status)
