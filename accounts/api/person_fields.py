from rest_framework import serializers

from accounts.models import Profile
from musenest.common.api.fields import BodySerializer, SparseSerializer


class PersonSerializer(SparseSerializer):
    """A person, as it sees itself."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    locale = serializers.CharField()
    time_zone = serializers.CharField()
    is_staff = serializers.BooleanField()


class PersonDetailSerializer(PersonSerializer):
    """A person, as it sees itself and as staff see it."""

    is_active = serializers.BooleanField()
    last_login = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ProfileSerializer(SparseSerializer):
    """What a person says about itself."""

    id = serializers.UUIDField(source="person.id")
    email = serializers.EmailField(source="person.email")
    name = serializers.CharField(source="person.name")
    locale = serializers.CharField(source="person.locale")
    time_zone = serializers.CharField(source="person.time_zone")
    preferences = serializers.DictField()
    has_v0_api_key = serializers.SerializerMethodField()

    def get_has_v0_api_key(self, profile: Profile) -> bool:
        return bool(profile.v0_api_key)


class PersonBody(BodySerializer):
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    locale = serializers.CharField(max_length=10, required=False, help_text="`en` or `de`")
    time_zone = serializers.CharField(max_length=64, required=False, help_text="as in Europe/Berlin")


class ProfileBody(PersonBody):
    preferences = serializers.DictField(required=False, help_text="yours to fill: 4 KiB of JSON")
    v0_api_key = serializers.CharField(
        max_length=500, required=False, allow_blank=True, write_only=True, help_text="kept encrypted"
    )


class StaffPersonBody(PersonBody):
    is_active = serializers.BooleanField(required=False, help_text="staff only")


class NewPersonBody(BodySerializer):
    email = serializers.EmailField(max_length=255)
    password = serializers.CharField(max_length=1024, trim_whitespace=False)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
