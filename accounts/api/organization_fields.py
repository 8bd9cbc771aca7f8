from typing import Any

from rest_framework import serializers

from accounts.domain.roles import Role
from musenest.common.api.fields import BodySerializer, SparseSerializer

ROLES = [role.value for role in Role]
INVITATION_STATUSES = ["pending", "accepted", "revoked", "expired"]


class OrganizationSerializer(SparseSerializer):
    """What owns sites, keys and a subscription."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    slug = serializers.CharField(help_text="its name in addresses and in X-Organization; never changes")
    email = serializers.EmailField(help_text="for bills and notices")
    region = serializers.CharField(help_text="where its data is processed")
    jurisdiction = serializers.CharField(help_text="whose law it works under")
    contact = serializers.CharField(help_text="privacy contact")
    created_at = serializers.DateTimeField()


class OwnOrganizationSerializer(SparseSerializer):
    """An organisation of yours, and your role in it."""

    id = serializers.UUIDField(source="organization.id")
    name = serializers.CharField(source="organization.name")
    slug = serializers.CharField(source="organization.slug")
    role = serializers.ChoiceField(ROLES)
    joined_at = serializers.DateTimeField(source="created_at")


class MemberSerializer(SparseSerializer):
    """A person in the organisation."""

    id = serializers.UUIDField(source="person_id", help_text="the person's")
    email = serializers.EmailField(source="person.email")
    name = serializers.CharField(source="person.name")
    role = serializers.ChoiceField(ROLES)
    has_child_safety = serializers.BooleanField(help_text="sees escalated child-safety cases")
    joined_at = serializers.DateTimeField(source="created_at")


class RemovalQuery(serializers.Serializer[Any]):
    revoke_keys = serializers.BooleanField(
        default=False, help_text="revoke the API keys that the person made, too"
    )


class EndingSerializer(serializers.Serializer[Any]):
    """What a membership that ended left."""

    live_api_keys = serializers.IntegerField(
        source="live_keys", help_text="made by the person, and still working"
    )
    revoked_api_keys = serializers.IntegerField(source="revoked_keys")


class InvitationSerializer(SparseSerializer):
    """An address that may become a member. Its token is in the e-mail alone."""

    id = serializers.UUIDField()
    email = serializers.EmailField()
    role = serializers.ChoiceField(ROLES)
    status = serializers.ChoiceField(INVITATION_STATUSES)
    invited_by = serializers.CharField()
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class OrganizationBody(BodySerializer):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=255, required=False)
    region = serializers.CharField(max_length=32, required=False)


class OrganizationChangesBody(OrganizationBody):
    jurisdiction = serializers.CharField(max_length=64, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)


class MemberBody(BodySerializer):
    role = serializers.ChoiceField(ROLES, required=False)
    has_child_safety = serializers.BooleanField(required=False, help_text="an owner's to grant")


class TransferBody(BodySerializer):
    person = serializers.UUIDField(help_text="a member, who becomes owner in your place")


class InvitationBody(BodySerializer):
    email = serializers.EmailField(max_length=255)
    role = serializers.ChoiceField(ROLES, default=Role.MEMBER.value)


class AcceptanceBody(BodySerializer):
    token = serializers.CharField(max_length=200, help_text="the last part of the link in the e-mail")
