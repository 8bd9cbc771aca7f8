"""Why a moderation server gave no usable answer. None of these is ever an approval."""

from moderation.domain import sentences


class ServerError(Exception):
    """No usable answer: `code` is stable, the text is for people. `is_lasting` says that trying again
    cannot help.
    """

    def __init__(self, code: str, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.is_lasting = is_lasting


class RevisionRefusedError(ServerError):
    """The server holds a newer configuration of this site than the one that was sent."""

    def __init__(self, current: int | None) -> None:
        super().__init__(
            "REVISION_REFUSED",
            sentences.NEWER_REVISION % {"revision": current},
            is_lasting=True,
        )
        self.current = current


class PictureUnreadableError(ServerError):
    """The picture's header was good, but its data cannot be decoded: the caller's to mend."""

    def __init__(self) -> None:
        super().__init__(
            "IMAGE_UNREADABLE", "The picture cannot be read: its data is damaged.", is_lasting=True
        )


def unreadable(what: str) -> ServerError:
    return ServerError("SERVER_ANSWER_UNREADABLE", sentences.ANSWER_UNREADABLE % {"what": what})
