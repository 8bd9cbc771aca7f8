"""The viewset that every endpoint is built on."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.viewsets import GenericViewSet

from musenest.common import idempotency, rates, step_up, tenancy
from musenest.common.api import conditional, envelope, throttles
from musenest.common.api.fields import show
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError, NotFoundError, NotSignedInError

PUBLIC = "public"  # anybody
SIGNED_IN = "signed-in"  # any credential
STAFF = "staff"  # staff only; to others it is not there
LIVE = "live"


class ReplayError(Exception):
    """The request was answered before: this is the answer."""

    def __init__(self, record: idempotency.IdempotencyRecord) -> None:
        super().__init__(record.key)
        self.record = record


class ApiViewSet(GenericViewSet[Any]):
    """Checks the permission of each action, runs it in the caller's scope, keeps answers under an
    Idempotency-Key.

    `permissions` names for every action a word of `accounts.rules` (or PUBLIC, SIGNED_IN, STAFF); an action
    that is not named is refused, so that none is open by oversight. `rate` counts every request before that.

    A key of the test mode reads what its scopes open, and does what `test_actions` names: these change
    nothing but rows of the test mode.
    """

    permission_classes = ()
    permissions: ClassVar[Mapping[str, str]] = {}
    test_actions: ClassVar[frozenset[str]] = frozenset()
    is_idempotent: ClassVar[bool] = True
    stepped_up: ClassVar[frozenset[str]] = frozenset()  # actions about money and secrets
    answers_with_secret: ClassVar[frozenset[str]] = frozenset()
    rate: ClassVar[rates.Rate] = rates.API
    ordering: ClassVar[tuple[str, ...]] = ("-id",)
    ordering_fields: ClassVar[tuple[str, ...]] = ()

    scopes: ExitStack
    record_pk: int | None = None

    @property
    def caller(self) -> Caller:
        caller = self.request.auth
        if not isinstance(caller, Caller):
            raise NotAuthenticated
        return caller

    @property
    def organization(self) -> Any:
        """The organisation that the credential speaks for; a person who belongs to none is told so."""
        if self.caller.organization is None:
            raise DeniedError("You belong to no organisation yet.", code="NO_ORGANIZATION")
        return self.caller.organization

    def validated(self, serializer: type[BaseSerializer[Any]], *, partial: bool = False) -> Any:
        """The body as this serializer reads it; raises what is wrong with it."""
        body = serializer(data=self.request.data, partial=partial, context=self.get_serializer_context())
        body.is_valid(raise_exception=True)
        return body.validated_data

    def shown(self, serializer: type[BaseSerializer[Any]], instance: Any) -> Any:
        return show(serializer, instance, self.request.query_params.get("fields", ""))

    def page(self, found: QuerySet[Any], serializer: type[BaseSerializer[Any]]) -> Response:
        """One page of what the filters leave of `found`."""
        rows = self.paginate_queryset(self.filter_queryset(found)) or []
        return self.get_paginated_response([self.shown(serializer, row) for row in rows])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self.scopes:
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.check_permission()
        self.enter_scope()
        if self.is_kept(request):
            self.begin_idempotent(request)

    def is_kept(self, request: Request) -> bool:
        """Whether the answer is kept under a key: an anonymous caller has nobody to keep it for."""
        has_key = request.method == "POST" and "Idempotency-Key" in request.headers
        return has_key and self.is_idempotent and isinstance(request.auth, Caller)

    def perform_authentication(self, request: Request) -> None:
        try:
            super().perform_authentication(request)
        except (NotSignedInError, AuthenticationFailed):
            throttles.count_unauthenticated(request)
            raise

    def check_permission(self) -> None:
        if not self.action:  # a method that is answered with 405
            return
        needed = self.permissions.get(self.action, "nobody")
        if needed == PUBLIC:
            return
        caller = self.caller
        if needed == STAFF:
            if not caller.is_staff:
                raise NotFoundError("It does not exist.")
            self.check_step_up(caller)
            return
        if caller.mode != LIVE and not self.serves_test_mode():
            raise DeniedError(
                "A key of the test mode changes nothing. Use a live one.", code="TEST_MODE_READ_ONLY"
            )
        if needed != SIGNED_IN and not caller.may(needed):
            raise DeniedError(
                f"This needs the permission {needed}, which your role or key does not have.",
                details={"allowed": False, "reason": "permission", "permission": needed},
            )
        self.check_step_up(caller)

    def check_step_up(self, caller: Caller) -> None:
        if self.action in self.stepped_up:
            self.require_proof(caller)

    def require_proof(self, caller: Caller) -> None:
        """A program's key proves who it is with every request; a person did so when signing in."""
        if caller.person is not None:
            step_up.require(caller.proved_at)

    def serves_test_mode(self) -> bool:
        return self.request.method in SAFE_METHODS or self.action in self.test_actions

    def enter_scope(self) -> None:
        caller = self.request.auth
        if not isinstance(caller, Caller):
            return
        if self.permissions.get(self.action or "") == STAFF:
            self.scopes.enter_context(tenancy.staff())
            return
        person = caller.person.pk if caller.person else None
        if caller.organization is not None:
            self.scopes.enter_context(tenancy.organization(caller.organization.pk, person=person))
        elif person is not None:
            self.scopes.enter_context(tenancy.person(person))

    def begin_idempotent(self, request: Request) -> None:
        key = idempotency.checked_key(request.headers["Idempotency-Key"])
        actor = self.caller.actor
        organization = self.caller.organization.pk if self.caller.organization else None
        print_ = idempotency.fingerprint(f"{request.method} {request.path}", request.data)
        record, is_new = idempotency.begin(
            idempotency.caller_name(organization, f"{actor.kind}:{actor.id}"), key, print_
        )
        if not is_new:
            raise ReplayError(record)
        self.record_pk = record.pk

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, ReplayError):
            response = Response(exc.record.body, status=exc.record.status)
            response["Idempotent-Replayed"] = "true"
            return response
        try:
            return super().handle_exception(exc)
        except Exception:
            self.keep_answer(500, None)
            raise

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and needs_envelope(response):
            response.data = envelope.success(response.data)
            response = conditional.answer(request, response)
        self.keep_answer(response.status_code, getattr(response, "data", None))
        return super().finalize_response(request, response, *args, **kwargs)

    def keep_answer(self, status: int, body: Any) -> None:
        if self.record_pk is None:
            return
        is_secret = status < HTTPStatus.BAD_REQUEST and self.action in self.answers_with_secret
        # As the renderer would write it, so that the second answer reads like the first.
        written = json.loads(json.dumps(body, cls=JSONEncoder))
        idempotency.keep(self.record_pk, status=status, body=written, is_secret=is_secret)
        self.record_pk = None


def needs_envelope(response: Response) -> bool:
    has_content = response.status_code != HTTPStatus.NO_CONTENT
    return has_content and not envelope.is_enveloped(response.data)
