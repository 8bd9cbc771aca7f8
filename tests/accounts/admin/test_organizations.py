import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from musenest.common import tenancy
from tests import samples

pytestmark = pytest.mark.django_db


def test_members_lead_to_where_staff_see_what_they_see(staff: Client) -> None:
    acme = samples.customer("Acme")

    page = staff.get(reverse("admin:accounts_organization_change", args=[acme.organization.pk])).text

    with tenancy.staff():
        pk = Membership.objects.get(person=acme.owner).pk
    membership = reverse("admin:accounts_membership_change", args=[pk])
    assert membership in page
    assert "See as this member" in staff.get(membership).text
