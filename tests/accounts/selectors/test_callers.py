import pytest

from accounts.selectors import callers, organizations
from musenest.common.callers import Caller
from musenest.common.callers import in_organization as through_the_port
from musenest.common.errors import NotFoundError
from tests import samples

pytestmark = pytest.mark.django_db


def test_a_member_is_found_in_the_organization_with_the_roles_permissions() -> None:
    membership = samples.membership(samples.organization(), "viewer")

    caller = callers.in_organization(membership.person, membership.organization.slug)

    assert caller.organization == membership.organization
    assert caller.may("sites:read")
    assert not caller.may("sites:write")


def test_a_stranger_and_an_address_that_does_not_exist_are_told_the_same() -> None:
    stranger, organization = samples.person(), samples.organization()
    words = set()
    for slug in (organization.slug, "no-such"):
        with pytest.raises(NotFoundError) as caught:
            callers.in_organization(stranger, slug)
        words.add((caught.value.code, caught.value.message))

    assert len(words) == 1


def test_a_staff_person_is_a_stranger_to_organizations_too() -> None:
    with pytest.raises(NotFoundError):
        callers.in_organization(samples.person(is_staff=True), samples.organization().slug)


def test_without_a_name_the_first_joined_organization_counts() -> None:
    who, first, second = samples.person(), samples.organization(), samples.organization()
    samples.membership(first, "viewer", who)
    samples.membership(second, "owner", who)

    assert callers.in_first_organization(who).organization == first
    assert organizations.of_person(who) == [first, second]


def test_a_person_of_no_organization_may_nothing() -> None:
    caller = callers.in_first_organization(samples.person())

    assert caller.organization is None
    assert caller.permissions == frozenset()


def test_accounts_fills_the_kernels_port() -> None:
    membership = samples.membership(samples.organization())

    found: Caller = through_the_port(membership.person, membership.organization.slug)

    assert found.person == membership.person
