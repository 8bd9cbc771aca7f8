"""Our client and a real server, about a site that is gone."""

from typing import Any
from uuid import uuid4

import pytest

from moderation import clients
from moderation.domain.profiles import parse_profile
from tests.moderation.server.conftest import Running

# What egress may reach is looked up in the database, too.
pytestmark = pytest.mark.django_db

PARTS: dict[str, Any] = {"nudenet": {}, "blip": {}, "moderation_rules": {}, "usage_intents": {}}


def test_a_removed_site_is_forgotten_and_may_be_removed_twice(server: Running, settings: Any) -> None:
    settings.EGRESS_ALLOW = [server.url.removeprefix("http://")]
    client, site = clients.connect(adapter="native", url=server.url, api_key=""), uuid4()
    digest = parse_profile(PARTS).digest
    client.apply_configuration(site=site, revision=3, digest=digest, payload=PARTS)
    stored = client.read_configuration(site=site)
    assert stored is not None
    assert client.held_configurations()[site] == stored

    client.remove_configuration(site=site)

    assert client.read_configuration(site=site) is None
    assert site not in client.held_configurations()
    client.remove_configuration(site=site)
    client.remove_configuration(site=uuid4())
    with pytest.raises(clients.RevisionRefusedError):  # a late deployment brings nothing back
        client.apply_configuration(site=site, revision=2, digest=digest, payload=PARTS)
