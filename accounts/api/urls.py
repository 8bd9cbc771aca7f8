from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from accounts.api.api_keys import ApiKeysViewSet
from accounts.api.audit import AuditViewSet
from accounts.api.invitations import AcceptancesViewSet, InvitationsViewSet
from accounts.api.memberships import MembersViewSet
from accounts.api.organizations import OrganizationsViewSet
from accounts.api.passwords import PasswordsViewSet
from accounts.api.people import PeopleViewSet, ProfileViewSet
from accounts.api.second_factors import SecondFactorsViewSet
from accounts.api.sessions import SessionsViewSet
from accounts.api.sign_ins import SignInsViewSet
from accounts.api.signed_in import SignedInViewSet
from musenest.common.api.views import ApiViewSet

# Two documents name registering differently: both lead to it (REQUIREMENTS.md, 1).
AUTH = {name: name for name in ("login", "refresh", "logout", "register")} | {"signup": "register"}
MANY = {"get": "list", "post": "create"}
CHANGED = {"put": "update", "patch": "partial_update"}
ORGANIZATION = "organizations/<slug:slug>"
INVITATION = f"{ORGANIZATION}/invitations/<uuid:invitation>"


def route(address: str, viewset: type[ApiViewSet], actions: dict[str, Any], name: str) -> URLPattern:
    view: Callable[..., Any] = viewset.as_view(actions)
    return path(address, view, name=f"api-{name}")


urlpatterns = [
    *(route(f"auth/{name}", SessionsViewSet, {"post": action}, name) for name, action in AUTH.items()),
    route("auth/password", PasswordsViewSet, {"post": "create"}, "own-password"),
    route("users/profile", ProfileViewSet, {"get": "retrieve", **CHANGED}, "profile"),
    route("users/me/sessions", SignedInViewSet, {"get": "retrieve"}, "own-sessions"),
    route("users/me/sessions/<str:session>", SignedInViewSet, {"delete": "destroy"}, "own-session"),
    route("users/me/sign-ins", SignInsViewSet, {"get": "list"}, "own-sign-ins"),
    route("users/me/second-factors", SecondFactorsViewSet, {"get": "list"}, "own-second-factors"),
    route("users", PeopleViewSet, MANY, "people"),
    route(
        "users/<uuid:person>", PeopleViewSet, {"get": "retrieve", "delete": "destroy", **CHANGED}, "person"
    ),
    route("organizations", OrganizationsViewSet, MANY, "organizations"),
    route(ORGANIZATION, OrganizationsViewSet, {"get": "retrieve", "patch": "partial_update"}, "organization"),
    route(f"{ORGANIZATION}/transfer", OrganizationsViewSet, {"post": "transfer"}, "transfer"),
    route(f"{ORGANIZATION}/members", MembersViewSet, {"get": "list"}, "members"),
    route(
        f"{ORGANIZATION}/members/<uuid:person>",
        MembersViewSet,
        {"patch": "partial_update", "delete": "destroy"},
        "member",
    ),
    route(f"{ORGANIZATION}/invitations", InvitationsViewSet, MANY, "invitations"),
    route(INVITATION, InvitationsViewSet, {"delete": "destroy"}, "invitation"),
    route(f"{INVITATION}/resend", InvitationsViewSet, {"post": "resend"}, "invitation-resend"),
    route("invitations/accept", AcceptancesViewSet, {"post": "accept"}, "invitation-accept"),
    route("api-keys", ApiKeysViewSet, MANY, "keys"),
    route("api-keys/<uuid:key>", ApiKeysViewSet, {"delete": "destroy"}, "key"),
    route("api-keys/<uuid:key>/rotate", ApiKeysViewSet, {"post": "rotate"}, "key-rotate"),
    route("audit", AuditViewSet, {"get": "list"}, "audit"),
]
