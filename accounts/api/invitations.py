from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.organization_fields import (
    INVITATION_STATUSES,
    ROLES,
    AcceptanceBody,
    InvitationBody,
    InvitationSerializer,
    OwnOrganizationSerializer,
)
from accounts.api.scoping import OrganizationViewSet, PersonViewSet
from accounts.models import Invitation, Role
from accounts.models.invitations import InvitationQuerySet
from accounts.selectors import invitations as reading
from accounts.services import invitations
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN

TAGS = ["Organisations"]
UNKNOWN = {404: "`INVITATION_UNKNOWN`, `NOT_FOUND`: no such invitation, or no organisation of yours."}
UNVERIFIED = "`ADDRESS_NOT_VERIFIED`: open the link in our e-mail first."
ENDED = "`INVITATION_ACCEPTED`, `INVITATION_REVOKED`: it has ended."


class InvitationFilter(FilterSet):
    status = django_filters.ChoiceFilter(
        method="in_status", choices=[(status, status) for status in INVITATION_STATUSES]
    )
    role = django_filters.ChoiceFilter(choices=[(role, role) for role in ROLES])
    email = django_filters.CharFilter(lookup_expr="icontains", help_text="a part of the address")

    def in_status(self, found: InvitationQuerySet, name: str, value: str) -> InvitationQuerySet:
        return found.in_status(value)


class InvitationsViewSet(OrganizationViewSet):
    permissions = dict.fromkeys(("list", "create", "destroy", "resend"), "members:write")
    queryset = Invitation.objects.none()
    filterset_class = InvitationFilter
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at", "sent_at", "expires_at", "email")

    @extend_schema(
        tags=TAGS,
        operation_id="list_invitations",
        summary="Who was invited",
        description="All invitations, the newest first, with what became of each.",
        parameters=[FIELDS],
        responses={200: InvitationSerializer(many=True), **protected()},
    )
    def list(self, request: Request, slug: str) -> Response:
        return self.page(reading.of_organization(self.organization), InvitationSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="invite",
        summary="Invite by e-mail",
        description="Send a link to the address, good for seven days and for this address alone.",
        request=InvitationBody,
        responses={
            201: InvitationSerializer,
            **protected(
                {
                    403: f"`ROLE_BEYOND_YOURS`, `DENIED`, {UNVERIFIED} `STEP_UP_REQUIRED`: an owner is "
                    "invited after a sign-in of the last minutes.",
                    409: "`ALREADY_MEMBER`, `INVITED_ALREADY`",
                    422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`",
                    429: "`INVITATIONS_LIMIT`: a hundred in a day. `LETTERS_LIMIT`: to this address.",
                }
            ),
        },
    )
    def create(self, request: Request, slug: str) -> Response:
        fields = self.validated(InvitationBody)
        if fields["role"] == Role.OWNER:
            self.require_proof(self.caller)
        made = invitations.invite(organization=self.organization, **fields, by=self.caller.actor)
        return Response(self.shown(InvitationSerializer, made), status=201)

    @extend_schema(
        tags=TAGS,
        operation_id="revoke_invitation",
        summary="Take an invitation back",
        description="The link in the e-mail is good for nothing any more.",
        responses={
            204: None,
            **protected(UNKNOWN | {403: "`ROLE_BEYOND_YOURS`, `DENIED`", 409: ENDED}),
        },
    )
    def destroy(self, request: Request, slug: str, invitation: UUID) -> Response:
        found = reading.get_for(self.organization, invitation)
        invitations.revoke(invitation=found, by=self.caller.actor)
        return Response(status=204)

    @extend_schema(
        tags=TAGS,
        operation_id="resend_invitation",
        summary="Send an invitation again",
        description="With a new link and seven more days. The link before is good for nothing any more.",
        request=None,
        responses={
            200: InvitationSerializer,
            **protected(
                UNKNOWN
                | {
                    403: f"{UNVERIFIED} `DENIED`",
                    409: ENDED,
                    429: "`SENT_JUST_NOW`, `INVITATIONS_LIMIT`, `LETTERS_LIMIT`",
                }
            ),
        },
    )
    def resend(self, request: Request, slug: str, invitation: UUID) -> Response:
        found = reading.get_for(self.organization, invitation)
        sent = invitations.resend(invitation=found, by=self.caller.actor)
        return Response(self.shown(InvitationSerializer, sent))


class AcceptancesViewSet(PersonViewSet):
    permissions = {"accept": SIGNED_IN}

    @extend_schema(
        tags=TAGS,
        operation_id="accept_invitation",
        summary="Accept an invitation",
        description="Become a member. Sign in with the address that the e-mail went to.",
        request=AcceptanceBody,
        responses={
            201: OwnOrganizationSerializer,
            **protected(
                {
                    403: "`INVITATION_FOR_ANOTHER`: it went to another address. `PERSON_NEEDED`",
                    404: "`INVITATION_UNKNOWN`: there is no such invitation.",
                    409: "`INVITATION_EXPIRED`, `…_REVOKED`, `…_ACCEPTED`, `ALREADY_MEMBER`",
                }
            ),
        },
    )
    def accept(self, request: Request) -> Response:
        made = invitations.accept(token=self.validated(AcceptanceBody)["token"], person=self.person)
        return Response(self.shown(OwnOrganizationSerializer, made), status=201)
