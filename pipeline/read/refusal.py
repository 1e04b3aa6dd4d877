"""Why a file cannot be read.

Belongs here: the error that every reader raises, and the words for a limit that was passed. Does not belong here: the
limits themselves (pipeline/settings.py).
"""


class UnreadableError(Exception):
    """A file that cannot be turned into text; the message is the reason, `media_type` what it was found to be.

    `depends` is true if the reason lies in this machine or its settings (a limit, a program that is not installed), so
    that the same file may be readable later.
    """

    def __init__(self, reason: str, media_type: str | None = None, depends: bool = False) -> None:
        super().__init__(reason)
        self.media_type = media_type
        self.depends = depends


def over_limit(what: str, name: str, most: float, found: int | None = None) -> UnreadableError:
    """The refusal of a file that passes a limit: what of it, the limit's name, the limit."""
    count = f"{found:,} of {most:,}" if found is not None else f"{most:,}"
    return UnreadableError(f"{what} than the limit {name} ({count})", depends=True)
