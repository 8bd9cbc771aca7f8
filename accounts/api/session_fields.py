from typing import Any

from rest_framework import serializers

from accounts.api.person_fields import PersonSerializer
from musenest.common.api.fields import BodySerializer

COOKIES = "true: a browser signs in, and the tokens come in HttpOnly cookies instead of the answer"


class CredentialsBody(BodySerializer):
    email = serializers.CharField(max_length=255)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    code = serializers.CharField(
        max_length=20,
        required=False,
        help_text="of who has a second factor: an authenticator app's code, or a recovery code",
    )
    cookies = serializers.BooleanField(default=False, help_text=COOKIES)


class RegistrationBody(BodySerializer):
    email = serializers.EmailField(max_length=255)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    organization = serializers.CharField(
        max_length=120, required=False, allow_blank=True, help_text="its name; without it, the person's"
    )
    v0_api_key = serializers.CharField(
        max_length=500, required=False, allow_blank=True, write_only=True, help_text="kept encrypted"
    )
    cookies = serializers.BooleanField(default=False, help_text=COOKIES)


class RefreshBody(BodySerializer):
    refresh = serializers.CharField(
        max_length=4096,
        required=False,
        help_text="the newest refresh token; a browser leaves it out and sends its cookie with X-CSRFToken",
    )


class StandingSerializer(serializers.Serializer[Any]):
    """A subscription in brief. `GET /api/subscription` has the rest."""

    organization = serializers.SlugField()
    tier_name = serializers.CharField()
    display_name = serializers.CharField(help_text="the tier's")
    subscription_status = serializers.CharField()
    is_serving = serializers.BooleanField(help_text="false while the tier gives nothing: paused or suspended")
    expires_at = serializers.DateTimeField(allow_null=True)


class PairSerializer(serializers.Serializer[Any]):
    """Tokens for a program; for a browser, which has them in cookies, only what its scripts may know."""

    access = serializers.CharField(
        required=False, help_text="for `Authorization: Bearer …`; lives 15 minutes; not for a browser"
    )
    refresh = serializers.CharField(
        required=False, help_text="good once: its use gives the next; not for a browser"
    )
    csrf_token = serializers.CharField(
        required=False, help_text="a browser's only: for the X-CSRFToken header of what changes something"
    )
    user = PersonSerializer(source="person")


class SignedInSerializer(PairSerializer):
    """The same of a new sign-in, with what the person's organisation is subscribed to."""

    subscription = StandingSerializer(
        allow_null=True,
        help_text="of the organisation that the person joined first; null where there is none",
    )
