from rest_framework import serializers

from musenest.common.api.fields import SparseSerializer


class PersonSerializer(SparseSerializer):
    """A person, as it sees itself."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    locale = serializers.CharField()
    time_zone = serializers.CharField()
    is_staff = serializers.BooleanField()
