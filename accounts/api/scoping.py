"""Endpoints about one organisation that the address names, and those that take a person."""

from dataclasses import replace
from typing import Any

from accounts.models import Person
from accounts.selectors import callers
from musenest.common.api.views import ApiViewSet
from musenest.common.callers import Caller
from musenest.common.errors import DeniedError, NotFoundError


class PersonViewSet(ApiViewSet):
    """What only a person does: an API key speaks for an organisation, not for somebody."""

    @property
    def person(self) -> Person:
        found = self.caller.person
        if not isinstance(found, Person):
            raise DeniedError("This needs a person's sign-in. An API key is none.", code="PERSON_NEEDED")
        return found


class OrganizationViewSet(PersonViewSet):
    """Under `organizations/<slug>`: the caller as a member of that organisation; to a stranger it is not
    there, whatever X-Organization says.
    """

    def check_permission(self) -> None:
        slug = self.kwargs.get("slug")
        if slug is not None:
            self.request.auth = in_organization(self.caller, slug)
        super().check_permission()


def in_organization(caller: Caller, slug: str) -> Any:
    if caller.person is not None:
        return replace(callers.in_organization(caller.person, slug), proved_at=caller.proved_at)
    if caller.organization is None or caller.organization.slug != slug:
        raise NotFoundError("It does not exist, or it is not yours.")
    return caller
