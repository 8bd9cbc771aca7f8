from uuid import UUID

import django_filters
from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.organization_fields import (
    ROLES,
    EndingSerializer,
    MemberBody,
    MemberSerializer,
    RemovalQuery,
)
from accounts.api.scoping import OrganizationViewSet
from accounts.models import Membership, Role
from accounts.selectors import memberships as reading
from accounts.services import memberships
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN

TAGS = ["Organisations"]
UNKNOWN = {404: "`MEMBER_UNKNOWN`, `NOT_FOUND`: no such member, or no organisation of yours."}
LIMITS = {
    403: "`ROLE_BEYOND_YOURS`, `GRANT_IS_AN_OWNERS`, `DENIED`: nobody gives or takes more than he has. "
    "`GRANT_NOT_STAFFS`: the operator's staff neither grant access to child-safety cases nor get it. "
    "`ADDRESS_NOT_VERIFIED`: open the link in our e-mail before you make somebody owner.",
    409: "`LAST_OWNER`: an organisation needs an owner.",
}


PROVED = {
    403: f"{LIMITS[403]} `STEP_UP_REQUIRED`: a new owner and a grant need a sign-in of the last minutes."
}
KEYS = {403: f"{LIMITS[403]} `KEYS_BEYOND_YOURS`: your role revokes no keys."}


class MemberFilter(FilterSet):
    role = django_filters.ChoiceFilter(choices=[(role, role) for role in ROLES])
    email = django_filters.CharFilter(
        field_name="person__email", lookup_expr="icontains", help_text="a part of the address"
    )
    has_child_safety = BooleanFilter()


class MembersViewSet(OrganizationViewSet):
    # Whoever belongs to it may leave; the service refuses to remove others without `members:write`.
    permissions = {"list": "members:read", "partial_update": "members:write", "destroy": SIGNED_IN}
    queryset = Membership.objects.none()
    filterset_class = MemberFilter
    ordering = ("joined_at", "id")
    ordering_fields = ("joined_at", "email")

    @extend_schema(
        tags=TAGS,
        operation_id="list_members",
        summary="Who belongs to it",
        description="The members, in the order of joining.",
        parameters=[FIELDS],
        responses={200: MemberSerializer(many=True), **protected()},
    )
    def list(self, request: Request, slug: str) -> Response:
        found = reading.of_organization(self.organization)
        ordered = found.annotate(joined_at=F("created_at"), email=F("person__email"))
        return self.page(ordered, MemberSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="update_member",
        summary="Change a member",
        description="Give another role, or grant and withdraw access to child-safety cases. It counts on the "
        "next request.",
        request=MemberBody(partial=True),
        responses={200: MemberSerializer, **protected(UNKNOWN | LIMITS | PROVED)},
    )
    def partial_update(self, request: Request, slug: str, person: UUID) -> Response:
        found = reading.get_for(self.organization, person)
        fields = self.validated(MemberBody, partial=True)
        if fields.get("role") == Role.OWNER or fields.get("has_child_safety"):
            self.require_proof(self.caller)
        changed = memberships.update(membership=found, **fields, by=self.caller.actor)
        return Response(self.shown(MemberSerializer, changed))

    @extend_schema(
        tags=TAGS,
        operation_id="remove_member",
        summary="Remove a member, or leave",
        description="End a membership; your own, and you leave. It counts on the next request. API keys that "
        "the person made or rotated last go on working; the answer says how many. With `revoke_keys=true` "
        "they are revoked.",
        parameters=[RemovalQuery],
        responses={200: EndingSerializer, **protected(UNKNOWN | LIMITS | KEYS)},
    )
    def destroy(self, request: Request, slug: str, person: UUID) -> Response:
        found = reading.get_for(self.organization, person)
        asked = RemovalQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        ended = memberships.remove(membership=found, by=self.caller.actor, **asked.validated_data)
        return Response(self.shown(EndingSerializer, ended))
