"""The only code that speaks to moderation servers (PROTOCOL.md). Callers see one interface, whichever
adapter answers.

server = clients.connect(adapter="native", url="http://127.0.0.1:5000", api_key="…")
server.apply_configuration(site=site.pk, revision=3, digest=digest, payload=payload)
"""

from moderation.clients.answers import Analysis, Applied, Description, Health, StoredConfiguration
from moderation.clients.connections import ADAPTERS, connect
from moderation.clients.errors import PictureUnreadableError, RevisionRefusedError, ServerError
from moderation.clients.interface import ModerationServer

__all__ = [
    "ADAPTERS",
    "Analysis",
    "Applied",
    "Description",
    "Health",
    "ModerationServer",
    "PictureUnreadableError",
    "RevisionRefusedError",
    "ServerError",
    "StoredConfiguration",
    "connect",
]
