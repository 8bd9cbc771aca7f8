"""Which class speaks to which kind of server."""

from moderation.clients.errors import ServerError
from moderation.clients.interface import ModerationServer
from moderation.clients.native import NativeServer
from moderation.domain import sentences

ADAPTERS = {"native": NativeServer}


def connect(*, adapter: str, url: str, api_key: str) -> ModerationServer:
    """The client of a server. Raises ServerError for an adapter that this version does not speak."""
    if adapter not in ADAPTERS:
        raise ServerError(
            "ADAPTER_UNKNOWN", sentences.ADAPTER_UNKNOWN % {"adapter": adapter}, is_lasting=True
        )
    return ADAPTERS[adapter](url=url, api_key=api_key)
