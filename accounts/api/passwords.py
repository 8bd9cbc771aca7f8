from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import cookies
from accounts.api.authentication import credential_of
from accounts.api.scoping import PersonViewSet
from accounts.services import passwords
from musenest.common import rates
from musenest.common.api.fields import BodySerializer
from musenest.common.api.requests import underlying
from musenest.common.api.schema import protected
from musenest.common.api.views import SIGNED_IN


class PasswordBody(BodySerializer):
    current_password = serializers.CharField(
        max_length=1024,
        trim_whitespace=False,
        required=False,
        help_text="left out by who has none yet, who signs in with Google",
    )
    password = serializers.CharField(max_length=1024, trim_whitespace=False, help_text="the new one")


class PasswordsViewSet(PersonViewSet):
    permissions = {"create": SIGNED_IN}
    is_idempotent = False
    rate = rates.AUTH

    @extend_schema(
        tags=["Accounts"],
        operation_id="change_password",
        summary="Change your password",
        description="By the current one. Every other session of yours ends, and every sign-in of programs, "
        "this one too: sign in with the new password. You are told by e-mail. The first password of who "
        "signs in with Google needs a sign-in of the last minutes instead.",
        request=PasswordBody,
        responses={
            204: None,
            **protected(
                {
                    403: "`PERSON_NEEDED`: an API key is nobody's. `STEP_UP_REQUIRED`: for a first password.",
                    422: "`PASSWORD_WRONG`: the current one. `PASSWORD_WEAK`, `VALIDATION_ERROR`, "
                    "`UNKNOWN_FIELD`",
                }
            ),
        },
    )
    def create(self, request: Request) -> Response:
        person = self.person
        fields = self.validated(PasswordBody)
        if not person.has_usable_password():
            self.require_proof(self.caller)
        is_browser = not credential_of(request) and cookies.ACCESS not in request.COOKIES
        passwords.change_own(person=person, request=underlying(request), keeps_session=is_browser, **fields)
        return Response(status=204)
