from django.test import Client
from django.urls import reverse

from accounts.models import ApiKey
from musenest.common import tenancy
from tests import samples


def test_revoking_ends_the_key_and_its_page_shows_no_digest(staff: Client) -> None:
    samples.world("First")
    with tenancy.staff():
        key = ApiKey.objects.get()
    page = reverse("admin:accounts_apikey_change", args=[key.pk])

    staff.post(reverse("admin:accounts_apikey_revoke_one", args=[key.pk]), {"_form_submitted": "True"})

    with tenancy.staff():
        assert ApiKey.objects.get().is_revoked
    assert "Revoked" in staff.get(page).text
    assert key.digest not in staff.get(page).text
