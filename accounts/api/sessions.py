"""Signing in and out (API.md, *Accounts*): programs with their credentials in the body, browsers with tokens
in cookies (`accounts.api.cookies`).
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import cookies
from accounts.api.session_fields import (
    CredentialsBody,
    PairSerializer,
    RefreshBody,
    RegistrationBody,
    SignedInSerializer,
    StandingSerializer,
)
from accounts.api.throttles import TriesThrottle
from accounts.selectors import organizations
from accounts.services import registrations, sessions, tokens
from musenest.common import rates
from musenest.common.api.schema import failures
from musenest.common.api.views import PUBLIC, ApiViewSet

CSRF = "`CSRF_FAILED`: the token came in a cookie, and X-CSRFToken is missing or wrong."


class SessionsViewSet(ApiViewSet):
    permissions = {"login": PUBLIC, "register": PUBLIC, "refresh": PUBLIC, "logout": PUBLIC}
    authentication_classes = ()
    is_idempotent = False
    rate = rates.AUTH
    throttle_classes = (TriesThrottle,)

    def what_is_tried(self) -> str:
        """The account that is signed in to, or the refresh token; registering, the address alone counts."""
        sent = self.request.data if isinstance(self.request.data, dict) else {}
        if self.action == "login":
            return str(sent.get("email", ""))
        if self.action in ("refresh", "logout"):
            return str(sent.get("refresh") or self.request.COOKIES.get(cookies.REFRESH, ""))
        return ""

    @extend_schema(
        tags=["Accounts"],
        summary="Register",
        description="Make a person and an organisation that it owns, and sign in. With "
        "`EMAIL_VERIFICATION=mandatory` the answer is 202 without tokens, the same for every address, and an "
        "e-mail leads on.",
        request=RegistrationBody,
        responses={
            201: SignedInSerializer,
            202: None,
            **failures(
                {
                    409: "`EMAIL_TAKEN`: the address is registered already.",
                    422: "`PASSWORD_WEAK`, `VALIDATION_ERROR`, `UNKNOWN_FIELD`",
                }
            ),
        },
    )
    def register(self, request: Request) -> Response:
        fields = self.validated(RegistrationBody)
        in_cookies = fields.pop("cookies")
        pair = registrations.register(request=request, **fields)
        if pair is None:
            return Response({}, status=202)
        return self.signed_in(pair, status=201, in_cookies=in_cookies, is_new=True)

    @extend_schema(
        tags=["Accounts"],
        operation_id="login",
        summary="Sign in",
        description="Exchange an e-mail address and a password for an access and a refresh token. A browser "
        "asks with `cookies: true`: the tokens come in HttpOnly, SameSite cookies, and `csrf_token` goes "
        "into the X-CSRFToken header of every later request that is no GET.",
        request=CredentialsBody,
        responses={
            200: SignedInSerializer,
            **failures(
                {
                    401: "`SIGN_IN_FAILED`: address, password or code is wrong, or the person is disabled. "
                    "`SECOND_FACTOR_NEEDED`: send `code`, too.",
                    403: "`SECOND_FACTOR_NEEDED`: staff set one up in the portal first. `EMAIL_UNVERIFIED`: "
                    "open the link in the e-mail first.",
                }
            ),
        },
    )
    def login(self, request: Request) -> Response:
        fields = self.validated(CredentialsBody)
        in_cookies = fields.pop("cookies")
        return self.signed_in(
            sessions.begin_tokens(request=request, **fields), in_cookies=in_cookies, is_new=True
        )

    @extend_schema(
        tags=["Accounts"],
        operation_id="refresh",
        summary="Get the next tokens",
        description="Exchange a refresh token for the next pair. One that was used before ends every token "
        "of its sign-in, and the person is told by e-mail: somebody has a copy. Of a browser's tabs that "
        "refresh by one cookie at once, one gets new cookies for all and the others 409.",
        request=RefreshBody,
        responses={
            200: PairSerializer,
            **failures(
                {
                    401: "`INVALID_TOKEN`: forged, expired or ended. `TOKEN_REUSED`: sign in again.",
                    403: CSRF,
                    409: "`REFRESHED_ALREADY`: another tab did so just now. Go on with the new cookies.",
                }
            ),
        },
    )
    def refresh(self, request: Request) -> Response:
        text, in_cookies = self.refresh_token()
        return self.signed_in(tokens.rotate(text, is_browser=in_cookies), in_cookies=in_cookies)

    @extend_schema(
        tags=["Accounts"],
        operation_id="logout",
        summary="Sign out",
        description="End the sign-in that this refresh token belongs to, its access tokens too, at once. "
        "Ending it twice is no error.",
        request=RefreshBody,
        responses={204: None, **failures({401: "`INVALID_TOKEN`: forged or expired.", 403: CSRF})},
    )
    def logout(self, request: Request) -> Response:
        text, in_cookies = self.refresh_token()
        tokens.end(text)
        response = Response(status=204)
        if in_cookies:
            cookies.take_back(response)
        return response

    def refresh_token(self) -> tuple[str, bool]:
        """The refresh token, and whether a cookie brought it, which then takes the CSRF token as well."""
        sent = self.validated(RefreshBody).get("refresh")
        if sent is not None:
            return sent, False
        if cookies.REFRESH not in self.request.COOKIES:
            raise serializers.ValidationError({"refresh": "This field is required."}, code="required")
        cookies.require_csrf(self.request)
        return self.request.COOKIES[cookies.REFRESH], True

    def signed_in(
        self, pair: tokens.Pair, *, in_cookies: bool, status: int = 200, is_new: bool = False
    ) -> Response:
        shown: dict[str, Any] = dict(self.shown(PairSerializer, pair))
        if is_new:
            standing = organizations.subscription_of(pair.person)
            shown["subscription"] = StandingSerializer(standing).data if standing else None
        if not in_cookies:
            return Response(shown, status=status)
        public = {name: value for name, value in shown.items() if name in ("user", "subscription")}
        public["csrf_token"] = cookies.csrf_token(self.request, is_new=is_new)
        response = Response(public, status=status)
        cookies.put(response, pair)
        return response
