import django_filters
from django.db.models import F
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.organization_fields import (
    ROLES,
    MemberSerializer,
    OrganizationBody,
    OrganizationChangesBody,
    OrganizationSerializer,
    OwnOrganizationSerializer,
    TransferBody,
)
from accounts.api.scoping import OrganizationViewSet
from accounts.models import Membership
from accounts.selectors import callers, memberships
from accounts.services import organizations
from musenest.common import tenancy
from musenest.common.api.filters import FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN

TAGS = ["Organisations"]
UNKNOWN = {404: "`NOT_FOUND`: there is no such organisation, or you do not belong to it."}
INVALID = {422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`: every wrong field with its path."}


class OwnOrganizationFilter(FilterSet):
    name = django_filters.CharFilter(
        field_name="organization__name", lookup_expr="icontains", help_text="a part of the name"
    )
    role = django_filters.ChoiceFilter(choices=[(role, role) for role in ROLES], help_text="yours")


class OrganizationsViewSet(OrganizationViewSet):
    permissions = {
        "list": SIGNED_IN,
        "create": SIGNED_IN,
        "retrieve": SIGNED_IN,
        "partial_update": "organization:write",
        "transfer": "organization:transfer",
    }
    stepped_up = frozenset({"transfer"})
    queryset = Membership.objects.none()
    filterset_class = OwnOrganizationFilter
    ordering = ("joined_at", "id")
    ordering_fields = ("joined_at", "name")

    def enter_scope(self) -> None:
        super().enter_scope()
        if self.action == "list":  # of all organisations of the person, whichever the request is for
            self.scopes.enter_context(tenancy.staff())

    @extend_schema(
        tags=TAGS,
        operation_id="list_organizations",
        summary="Your organisations",
        description="The organisations that you belong to, in the order of joining, with your role in each.",
        parameters=[FIELDS],
        responses={
            200: OwnOrganizationSerializer(many=True),
            **protected({403: "`PERSON_NEEDED`: an API key is nobody's."}),
        },
    )
    def list(self, request: Request) -> Response:
        found = callers.memberships_of(self.person)
        ordered = found.annotate(joined_at=F("created_at"), name=F("organization__name"))
        return self.page(ordered, OwnOrganizationSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="create_organization",
        summary="Make an organisation",
        description="Make an organisation on the free plan, which you own. A number is added to its slug "
        "when that is taken.",
        request=OrganizationBody,
        responses={
            201: OrganizationSerializer,
            **protected(INVALID | {409: "`ORGANIZATIONS_LIMIT`: one person owns 20 at most."}),
        },
    )
    def create(self, request: Request) -> Response:
        fields = self.validated(OrganizationBody)
        made = organizations.create(**fields, owner=self.person, by=self.caller.actor)
        return Response(self.shown(OrganizationSerializer, made), status=201)

    @extend_schema(
        tags=TAGS,
        operation_id="get_organization",
        summary="One organisation",
        description="An organisation that you belong to.",
        parameters=[FIELDS],
        responses={200: OrganizationSerializer, **protected(UNKNOWN)},
    )
    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(self.shown(OrganizationSerializer, self.organization))

    @extend_schema(
        tags=TAGS,
        operation_id="update_organization",
        summary="Change an organisation",
        description="Change what is named. The slug stays: addresses and programs hold it.",
        request=OrganizationChangesBody(partial=True),
        responses={200: OrganizationSerializer, **protected(UNKNOWN | INVALID)},
    )
    def partial_update(self, request: Request, slug: str) -> Response:
        fields = self.validated(OrganizationChangesBody, partial=True)
        changed = organizations.update(organization=self.organization, fields=fields, by=self.caller.actor)
        return Response(self.shown(OrganizationSerializer, changed))

    @extend_schema(
        tags=TAGS,
        operation_id="transfer_organization",
        summary="Hand an organisation on",
        description="Make a member owner in your place; you become an admin.",
        request=TransferBody,
        responses={
            200: MemberSerializer,
            **protected(
                {
                    403: "`ADDRESS_NOT_VERIFIED`: open the link in our e-mail first. `DENIED`",
                    404: "`NOT_FOUND`, `MEMBER_UNKNOWN`",
                    409: "`OWNER_ALREADY`: this person is an owner already.",
                }
            ),
        },
    )
    def transfer(self, request: Request, slug: str) -> Response:
        heir = memberships.get_for(self.organization, self.validated(TransferBody)["person"])
        changed = organizations.transfer(organization=self.organization, to=heir, by=self.caller.actor)
        return Response(self.shown(MemberSerializer, changed))
