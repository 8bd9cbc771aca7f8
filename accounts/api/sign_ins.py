import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.scoping import PersonViewSet
from accounts.models import SignIn, SignInOutcome
from accounts.selectors import security
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN


class SignInSerializer(SparseSerializer):
    """One attempt to sign in as you, or to show again who you are."""

    id = serializers.IntegerField()
    outcome = serializers.ChoiceField(SignInOutcome.choices)
    method = serializers.CharField(help_text="as in `password + totp`; of a program `tokens: password`")
    address = serializers.CharField(allow_null=True)
    agent = serializers.CharField(help_text="what its User-Agent said")
    is_known_device = serializers.BooleanField(help_text="a browser that you had signed in with before")
    at = serializers.DateTimeField()


class SignInFilter(FilterSet):
    outcome = django_filters.ChoiceFilter(choices=SignInOutcome.choices)
    at_after = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    at_before = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")


class SignInsViewSet(PersonViewSet):
    permissions = {"list": SIGNED_IN}
    queryset = SignIn.objects.none()
    filterset_class = SignInFilter
    ordering = ("-id",)
    ordering_fields = ("id",)

    @extend_schema(
        tags=["Accounts"],
        operation_id="list_sign_ins",
        summary="Who tried to sign in as you",
        description="Your sign-ins and every try at your account, the newest first; kept for 400 days.",
        parameters=[FIELDS],
        responses={
            200: SignInSerializer(many=True),
            **protected({403: "`PERSON_NEEDED`: an API key is nobody's."}),
        },
    )
    def list(self, request: Request) -> Response:
        return self.page(security.sign_ins_of(self.person), SignInSerializer)
