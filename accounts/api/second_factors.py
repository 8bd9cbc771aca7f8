from typing import Any

from allauth.mfa.models import Authenticator
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.scoping import PersonViewSet
from accounts.selectors import security
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN


class SecondFactorSerializer(SparseSerializer):
    """What you show beside the password. Never its secret."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(
        Authenticator.Type.choices,
        source="type",
        help_text="an authenticator app, a passkey, or the recovery codes for when these are lost",
    )
    name = serializers.SerializerMethodField(help_text="of a passkey")
    added_at = serializers.DateTimeField(source="created_at")
    last_used_at = serializers.DateTimeField(allow_null=True)

    def get_name(self, factor: Any) -> str:
        return factor.wrap().name if factor.type == Authenticator.Type.WEBAUTHN else ""


class SecondFactorsViewSet(PersonViewSet):
    permissions = {"list": SIGNED_IN}
    queryset = Authenticator.objects.none()
    ordering = ("id",)

    @extend_schema(
        tags=["Accounts"],
        operation_id="list_second_factors",
        summary="Your second factors",
        description="Which there are, and since when. They are set up in the portal, where the secrets stay.",
        parameters=[FIELDS],
        responses={
            200: SecondFactorSerializer(many=True),
            **protected({403: "`PERSON_NEEDED`: an API key is nobody's."}),
        },
    )
    def list(self, request: Request) -> Response:
        return self.page(security.second_factors_of(self.person), SecondFactorSerializer)
