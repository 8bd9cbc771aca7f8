"""What every adapter offers."""

from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

from moderation.clients.answers import Analysis, Applied, Description, Health, StoredConfiguration


class ModerationServer(Protocol):
    """One moderation server. Every call raises ServerError when there is no usable answer."""

    def health(self) -> Health:
        """Ask how it is; answers within 5 s or not at all."""

    def apply_configuration(
        self, *, site: UUID, revision: int, digest: str, payload: Mapping[str, Any]
    ) -> Applied:
        """Store a site's configuration. Idempotent; raises RevisionRefusedError for a revision
        that is too low.
        """

    def read_configuration(self, *, site: UUID) -> StoredConfiguration | None:
        """The site's configuration as the server holds it, or None."""

    def held_configurations(self) -> dict[UUID, StoredConfiguration]:
        """What the server holds of every site, by one request."""

    def remove_configuration(self, *, site: UUID) -> None:
        """Have the server forget the site's configuration. Idempotent, also for a site that it never had."""

    def analyze(self, *, site: UUID, image: bytes, context_type: str, usage_intent: str) -> Analysis:
        """Have one picture analysed. Raises PictureUnreadableError for one that cannot be decoded."""

    def describe(self, *, batch_id: str) -> Description | None:
        """The caption of an analysed picture; None while it is not ready. Raises ServerError when
        there will be none.
        """
