"""Sites: seeing, making and deleting them."""

import pytest

from accounts.models import AuditEvent, Role
from tests import samples
from tests.samples import Customer, api

pytestmark = pytest.mark.django_db


def test_a_site_is_made_on_a_template_and_a_server(acme: Customer) -> None:
    body = samples.SHOP | {
        "nudenetConfig": {"detection_threshold": 0.4},
        "webhook_url": "https://shop.example/hook",
    }
    response = api.owner(acme).post(api.SITES, body)
    made = api.data(response, 201)
    assert made["nudenet_config"] == {"detection_threshold": 0.4}
    assert (made["deployment_status"], made["config_version"], made["deployed_version"]) == (
        "pending",
        1,
        None,
    )
    assert made["server"] is not None
    effective = made["effective_config"]
    assert effective["documents"]["nudenet_config"]["detection_threshold"] == 0.4
    assert effective["sources"]["nudenet_config.detection_threshold"] == "site"
    assert effective["sources"]["usage_intents.store.approval_threshold"] == "template"
    assert effective["sources"]["moderation_rules.label_weights.BELLY_EXPOSED"] == "default"
    assert response["ETag"] == '"1"'
    with acme.scope():
        assert AuditEvent.objects.filter(action="site.created", target_id=made["id"]).count() == 1


def test_labels_are_stored_in_their_canonical_spelling(acme: Customer) -> None:
    body = samples.SHOP | {"moderation_rules": {"label_weights": {"EXPOSED_BREAST_F": 0.5}}}
    made = api.data(api.owner(acme).post(api.SITES, body), 201)
    assert made["moderation_rules"] == {"label_weights": {"FEMALE_BREAST_EXPOSED": 0.5}}


@pytest.mark.parametrize("by", ["pk", "site_identifier"])
def test_a_site_is_found_by_uuid_and_by_identifier(acme: Customer, by: str) -> None:
    site = samples.deployed(acme)
    found = api.data(api.owner(acme).get(f"{api.SITES}/{getattr(site, by)}"))
    assert (found["id"], found["deployed_version"], found["deployment_status"]) == (
        str(site.pk),
        1,
        "deployed",
    )
    assert found["last_deployed_at"]
    assert set(found) == {
        "id",
        "site_identifier",
        "site_name",
        "server",
        "industry_template",
        "nudenet_config",
        "blip_config",
        "moderation_rules",
        "usage_intents",
        "webhook_url",
        "is_active",
        "retention_months",
        "deployment_status",
        "config_version",
        "deployed_version",
        "last_deployed_at",
        "last_saved_by",
        "created_at",
        "updated_at",
        "effective_config",
    }


def test_only_the_fields_that_were_asked_for(acme: Customer) -> None:
    samples.site(acme)
    client = api.owner(acme)
    found = api.data(client.get(f"{api.SITES}/acme-family?fields=id,site_name,nonsense"))
    assert set(found) == {"id", "site_name"}
    assert set(api.data(client.get(f"{api.SITES}?fields=site_name"))["results"][0]) == {"site_name"}


def test_a_stranger_finds_nothing(acme: Customer, stranger: Customer) -> None:
    (theirs,) = samples.sites_of(stranger)
    client = api.owner(acme)
    for name in (theirs.pk, theirs.site_identifier):
        path = f"{api.SITES}/{name}"
        answers = [
            client.get(path),
            client.put(path, samples.SHOP),
            client.patch(path, {"site_name": "mine"}),
            client.delete(path),
            client.post(f"{path}/plan"),
            client.post(f"{path}/deploy"),
            client.get(f"{path}/history"),
        ]
        assert [api.code(answer, 404) for answer in answers] == ["SITE_UNKNOWN"] * 7
    assert api.data(client.get(api.SITES))["results"] == []
    assert api.data(client.get(f"{api.SITES}?site_identifier=theirs"))["results"] == []
    assert [site.site_name for site in samples.sites_of(stranger)] == ["Theirs"]


def test_two_organisations_may_use_one_identifier(acme: Customer, stranger: Customer) -> None:
    made = api.data(api.owner(acme).post(api.SITES, samples.SHOP | {"site_identifier": "theirs"}), 201)
    assert api.data(api.owner(acme).get(f"{api.SITES}/theirs"))["id"] == made["id"]


def test_who_may_do_what(acme: Customer) -> None:
    samples.site(acme)
    one = f"{api.SITES}/acme-family"
    viewer, reader, writer = (
        api.member(acme, Role.VIEWER),
        api.with_key(acme, "sites:read", header="Authorization"),
        api.with_key(acme, "sites:write"),
    )
    for client in (viewer, reader, writer):
        assert client.get(api.SITES).status_code == client.get(one).status_code == 200
        assert client.post(f"{one}/plan").status_code == 200
    for client in (viewer, reader):
        for answer in (
            client.post(api.SITES, samples.SHOP),
            client.put(one, samples.SHOP),
            client.patch(one, {}),
            client.delete(one),
        ):
            found = api.error(answer, 403)
            assert found["details"]["permission"] == "sites:write"
    deployer = api.with_key(acme, "deploy")
    assert api.error(deployer.get(one), 403)["details"]["permission"] == "sites:read"
    for answer in (
        api.anonymous().get(one),
        api.anonymous().post(api.SITES, samples.SHOP),
        api.anonymous().delete(one),
    ):
        assert api.code(answer, 401) == "NOT_SIGNED_IN"
    assert writer.patch(one, {"site_name": "New"}).status_code == 200
    assert writer.delete(one).status_code == 204


def test_a_revoked_and_a_mistyped_key_are_refused(acme: Customer) -> None:
    client = api.anonymous()
    for key in ("mn_live_nonsense", "mn_live_" + "a" * 38, "x"):
        assert api.code(client.get(api.SITES, headers={"X-API-Key": key}), 401) == "INVALID_TOKEN"


def test_a_key_of_the_test_mode_reads_and_changes_nothing(acme: Customer) -> None:
    samples.site(acme)
    client = api.with_key(acme, "sites:read", "sites:write", "deploy", mode="test")
    one = f"{api.SITES}/acme-family"
    assert api.data(client.get(one))["site_identifier"] == "acme-family"
    for answer in (client.post(api.SITES, {}), client.patch(one, {}), client.delete(one)):
        assert api.code(answer, 403) == "TEST_MODE_READ_ONLY"
    assert api.code(client.post(f"{one}/deploy"), 403) == "TEST_MODE_READ_ONLY"
    assert api.data(client.get(one))["config_version"] == 1


def test_a_deleted_site_is_gone_and_its_identifier_free(acme: Customer) -> None:
    client = api.owner(acme)
    api.data(client.post(api.SITES, samples.SHOP), 201)
    assert client.delete(f"{api.SITES}/shop.example").status_code == 204
    assert api.code(client.delete(f"{api.SITES}/shop.example"), 404) == "SITE_UNKNOWN"
    assert api.data(client.get(api.SITES))["results"] == []
    api.data(client.post(api.SITES, samples.SHOP), 201)


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff", "%0A", "..%2f", "x" * 300, "🦊"])
def test_a_strange_name_is_no_site(acme: Customer, name: str) -> None:
    assert api.owner(acme).get(f"{api.SITES}/{name}").status_code == 404


def test_filters_and_ordering(acme: Customer) -> None:
    for identifier, template in (("a", "marketplace"), ("b", "marketplace"), ("c", "dating_social")):
        samples.deployed(acme, identifier, template)
    samples.site(acme, "d", "marketplace")
    client = api.owner(acme)

    def listed(query: str) -> list[str]:
        return [one["site_identifier"] for one in api.data(client.get(f"{api.SITES}?{query}"))["results"]]

    assert listed("") == ["a", "b", "c", "d"]
    assert listed("deployment_status=deployed&industry_template=marketplace") == ["a", "b"]
    assert listed("site_identifier=c") == ["c"]
    assert listed("is_active=false") == []
    assert listed("ordering=-site_identifier") == ["d", "c", "b", "a"]
    assert api.code(client.get(f"{api.SITES}?ordering=secret"), 422) == "ORDERING_UNKNOWN"
    assert api.code(client.get(f"{api.SITES}?deployment_status=nonsense"), 422) == "VALIDATION_ERROR"
    assert api.code(client.get(f"{api.SITES}?cursor=nonsense"), 404) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("ordering", "order"),
    [("last_deployed_at", "abcd"), ("-last_deployed_at", "dcba"), ("created_at", "abdc")],
)
def test_pages_hold_also_what_has_no_value_in_the_order(acme: Customer, ordering: str, order: str) -> None:
    samples.deployed(acme, "a")
    samples.deployed(acme, "b")
    samples.site(acme, "d")  # never deployed
    samples.deployed(acme, "c")

    found = api.walked(api.owner(acme), api.SITES, ordering=ordering)

    assert [one["site_identifier"] for one in found] == list(order)


def test_the_list_takes_as_many_queries_for_one_as_for_three(acme: Customer) -> None:
    for identifier in ("a", "b", "c"):
        samples.deployed(acme, identifier)
    client, found = api.owner(acme), []
    for size in (1, 3):
        with api.counted() as statements:
            assert len(api.data(client.get(f"{api.SITES}?page_size={size}"))["results"]) == size
        found.append(len(statements))
    assert found == [2, 2]
