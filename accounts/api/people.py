from typing import Any
from uuid import UUID

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.person_fields import (
    NewPersonBody,
    PersonBody,
    PersonDetailSerializer,
    ProfileBody,
    ProfileSerializer,
    StaffPersonBody,
)
from accounts.api.scoping import PersonViewSet
from accounts.models import Person
from accounts.selectors import people as reading
from accounts.services import people, profiles
from musenest.common import step_up
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN, STAFF
from musenest.common.callers import Caller

TAGS = ["Accounts"]
UNKNOWN = {404: "`PERSON_UNKNOWN`: there is no such person, or it is not you."}
INVALID = {422: "`VALIDATION_ERROR`, `UNKNOWN_FIELD`: every wrong field with its path."}
NO_KEY = {403: "`PERSON_NEEDED`: an API key is nobody's."}
PROVED = {403: f"{NO_KEY[403]} `STEP_UP_REQUIRED`: `v0_api_key` needs a sign-in of the last minutes."}


class PersonFilter(FilterSet):
    email = django_filters.CharFilter(lookup_expr="icontains", help_text="a part of the address")
    is_active = BooleanFilter()
    is_staff = BooleanFilter()
    created_at_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_at_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")


class ProfileViewSet(PersonViewSet):
    permissions = {"retrieve": SIGNED_IN, "update": SIGNED_IN, "partial_update": SIGNED_IN}

    @extend_schema(
        tags=TAGS,
        operation_id="get_profile",
        summary="Your profile",
        description="Who you are, and your preferences. A key of an AI provider is never shown.",
        parameters=[FIELDS],
        responses={200: ProfileSerializer, **protected(NO_KEY)},
    )
    def retrieve(self, request: Request) -> Response:
        return Response(self.shown(ProfileSerializer, reading.profile_of(self.person)))

    @extend_schema(
        tags=TAGS,
        operation_id="replace_profile",
        summary="Change your profile",
        description="The same as PATCH: what is not named stays as it is.",
        request=ProfileBody,
        responses={200: ProfileSerializer, **protected(PROVED | INVALID)},
    )
    def update(self, request: Request) -> Response:
        return self.partial_update(request)

    @extend_schema(
        tags=TAGS,
        operation_id="update_profile",
        summary="Change parts of your profile",
        description="Change what is named. `preferences` are replaced as a whole; an empty `v0_api_key` "
        "takes the key back.",
        request=ProfileBody(partial=True),
        responses={200: ProfileSerializer, **protected(PROVED | INVALID)},
    )
    def partial_update(self, request: Request) -> Response:
        fields = self.validated(ProfileBody, partial=True)
        if "v0_api_key" in fields:
            self.require_proof(self.caller)
        changed = profiles.update(person=self.person, fields=fields, by=self.caller.actor)
        return Response(self.shown(ProfileSerializer, changed))


class PeopleViewSet(PersonViewSet):
    permissions = {
        "list": STAFF,
        "create": STAFF,
        "retrieve": SIGNED_IN,
        "update": SIGNED_IN,
        "partial_update": SIGNED_IN,
        "destroy": SIGNED_IN,
    }
    stepped_up = frozenset({"create", "destroy"})
    queryset = Person.objects.none()
    filterset_class = PersonFilter
    ordering = ("-created_at", "-id")
    ordering_fields = ("created_at", "email")

    def check_step_up(self, caller: Caller) -> None:
        """One's own name needs no step-up; what staff change of everybody does."""
        super().check_step_up(caller)
        if caller.is_staff and self.action in ("update", "partial_update"):
            step_up.require(caller.proved_at)

    @extend_schema(
        tags=TAGS,
        operation_id="list_people",
        summary="All people (staff)",
        description="Everybody who can sign in, the newest first.",
        parameters=[FIELDS],
        responses={200: PersonDetailSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(reading.all_of_them(), PersonDetailSerializer)

    @extend_schema(
        tags=TAGS,
        operation_id="create_person",
        summary="Make a person (staff)",
        description="Make a person who can sign in and belongs to no organisation yet.",
        request=NewPersonBody,
        responses={
            201: PersonDetailSerializer,
            **protected(INVALID | {409: "`EMAIL_TAKEN`: the address is registered already."}),
        },
    )
    def create(self, request: Request) -> Response:
        made = people.create_checked(**self.validated(NewPersonBody), by=self.caller.actor)
        return Response(self.shown(PersonDetailSerializer, made), status=201)

    @extend_schema(
        tags=TAGS,
        operation_id="get_person",
        summary="One person",
        description="Yourself; staff see everybody.",
        parameters=[FIELDS],
        responses={200: PersonDetailSerializer, **protected(UNKNOWN)},
    )
    def retrieve(self, request: Request, person: UUID) -> Response:
        return Response(self.shown(PersonDetailSerializer, reading.get_for(self.caller, person)))

    @extend_schema(
        tags=TAGS,
        operation_id="replace_person",
        summary="Change a person",
        description="The same as PATCH: what is not named stays as it is.",
        request=StaffPersonBody,
        responses={200: PersonDetailSerializer, **protected(UNKNOWN | INVALID)},
    )
    def update(self, request: Request, person: UUID) -> Response:
        return self.partial_update(request, person)

    @extend_schema(
        tags=TAGS,
        operation_id="update_person",
        summary="Change parts of a person",
        description="Change your name, language or time zone; staff change everybody's and, by `is_active`, "
        "disable and enable people. To others that field is unknown.",
        request=StaffPersonBody(partial=True),
        responses={200: PersonDetailSerializer, **protected(UNKNOWN | INVALID)},
    )
    def partial_update(self, request: Request, person: UUID) -> Response:
        found = reading.get_for(self.caller, person)
        body: type[serializers.Serializer[Any]] = StaffPersonBody if self.caller.is_staff else PersonBody
        fields = self.validated(body, partial=True)
        changed = people.update(person=found, fields=fields, by=self.caller.actor)
        return Response(self.shown(PersonDetailSerializer, changed))

    @extend_schema(
        tags=TAGS,
        operation_id="disable_person",
        summary="Disable a person (staff)",
        description="Let the person in no more, from the next request on, and end its sign-ins. Nothing is "
        "deleted, and `is_active` lets it in again.",
        responses={
            204: None,
            **protected(
                UNKNOWN | {409: "`CANNOT_DISABLE_YOURSELF`: leave your organisations, or ask staff."}
            ),
        },
    )
    def destroy(self, request: Request, person: UUID) -> Response:
        people.disable(person=reading.get_for(self.caller, person), by=self.caller.actor)
        return Response(status=204)
