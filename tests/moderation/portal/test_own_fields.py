"""What a site's page sets beside the documents."""

import pytest

from accounts.models import Role
from moderation.models import Server, Site
from tests.samples import Customer, customer, member, server, site

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(acme: Customer) -> Site:
    return site(acme)


def posted(of: Site, **fields: str) -> dict[str, str]:
    return {"config_version": str(of.config_version), "site_name": of.site_name, **fields}


def save(by: Customer, about: Site, **fields: str) -> int:
    return by.client.post(by.url(f"sites/{about}"), posted(about, **fields)).status_code


def reloaded(of: Customer, about: Site) -> Site:
    with of.scope():
        return Site.objects.select_related("industry_template", "server").get(pk=about.pk)


def test_address_switch_and_template_are_saved(acme: Customer, family: Site) -> None:
    status = save(
        acme,
        family,
        webhook_url=" https://acme.test/hook ",
        has_is_active="1",
        industry_template="marketplace",
    )
    after = reloaded(acme, family)
    assert status == 302
    assert (after.webhook_url, after.is_active) == ("https://acme.test/hook", False)
    assert after.industry_template.name == "marketplace"
    text = acme.client.get(acme.url(f"sites/{family}")).text
    assert 'value="https://acme.test/hook"' in text
    assert '<option value="marketplace" selected>' in text


def test_what_is_not_posted_stays(acme: Customer, family: Site) -> None:
    save(acme, family, site_name="Other")
    after = reloaded(acme, family)
    assert (after.site_name, after.is_active, after.industry_template.name) == (
        "Other",
        True,
        "family_education",
    )


def test_server_is_one_that_may_be_used(acme: Customer, family: Site, local: Server) -> None:
    borealis = customer("Borealis")
    other, theirs = server(5998), server(5997, organization=borealis.organization)
    text = acme.client.get(acme.url(f"sites/{family}")).text
    assert other.name in text
    assert theirs.name not in text
    assert save(acme, family, server=str(theirs.pk)) == 404
    assert reloaded(acme, family).server_id == local.pk
    assert save(acme, family, server=str(other.pk)) == 302
    assert reloaded(acme, family).server_id == other.pk


def test_full_server_is_said_at_its_field(acme: Customer, family: Site) -> None:
    full = server(5998, name="Crowded", max_sites=0)
    form = posted(family, server=str(full.pk), site_name="Other")
    response = acme.client.post(acme.url(f"sites/{family}"), form)
    assert response.status_code == 409
    assert '<a href="#field-server">Server</a>: The server Crowded takes no further site.' in response.text
    assert "Somebody else saved this site" not in response.text
    assert 'value="Other"' in response.text
    assert reloaded(acme, family).site_name == family.site_name


def test_bad_address_is_said_at_its_field(acme: Customer, family: Site) -> None:
    response = acme.client.post(
        acme.url(f"sites/{family}"), posted(family, webhook_url="javascript:alert(1)")
    )
    assert response.status_code == 422
    assert 'href="#field-webhook_url"' in response.text
    assert 'value="javascript:alert(1)"' in response.text
    assert reloaded(acme, family).webhook_url == ""


def test_conflict_shows_theirs_and_yours_by_name(acme: Customer, family: Site) -> None:
    other = server(5998)
    save(acme, family, server=str(other.pk), site_name="Theirs")
    response = acme.client.post(
        acme.url(f"sites/{family}"), posted(family, site_name="Yours", server=str(family.server_id))
    )
    assert response.status_code == 409
    rows = {row.title: (row.before, row.after) for row in response.context["conflict"].rows}
    assert rows["Name"] == ("Theirs", "Yours")
    assert rows["Server"][0] == other.name


def test_how_long_decisions_are_kept_is_saved(acme: Customer, family: Site) -> None:
    assert 'name="retention_months"' in acme.client.get(acme.url(f"sites/{family}")).text
    assert save(acme, family, retention_months=" 24 ") == 302
    assert reloaded(acme, family).retention_months == 24
    assert 'value="24"' in acme.client.get(acme.url(f"sites/{family}")).text


@pytest.mark.parametrize("months", ["0", "37", "", "1.5", "1e400", "9" * 5000, "two"])
def test_another_number_of_months_is_said_at_its_field(acme: Customer, family: Site, months: str) -> None:
    response = acme.client.post(acme.url(f"sites/{family}"), posted(family, retention_months=months))
    assert response.status_code == 422
    assert 'href="#field-retention_months"' in response.text
    assert reloaded(acme, family).retention_months == 13


def test_equal_months_are_no_conflict(acme: Customer, family: Site) -> None:
    save(acme, family, site_name="Theirs")
    response = acme.client.post(acme.url(f"sites/{family}"), posted(family, retention_months="13"))
    rows = [row.path for row in response.context["conflict"].rows]
    assert (response.status_code, rows) == (409, ["site_name"])


def test_viewer_changes_nothing(acme: Customer, family: Site) -> None:
    viewer = member(acme, Role.VIEWER)
    assert viewer.post(acme.url(f"sites/{family}"), posted(family, site_name="Mine")).status_code == 403
    assert "disabled" in viewer.get(acme.url(f"sites/{family}")).text
