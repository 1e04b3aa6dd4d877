"""Folders that are URLs: object stores, and whatever else fsspec can open.

Belongs here: telling a URL from a path, opening a store, its errors in words. Does not belong here: what is kept in a store
(state/remote.py, state/scan_store.py).

Credentials and endpoints are the store's own business: for s3:// the usual AWS_ACCESS_KEY_ID, AWS_PROFILE,
AWS_ENDPOINT_URL, or fsspec's configuration.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import GongkaiError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://.")
_EXTRAS = {"s3": "s3", "s3a": "s3"}
_LIBRARIES = ("botocore", "aiobotocore", "aiohttp", "fsspec", "s3fs", "gcsfs", "adlfs", "google", "azure")
MAX_WORDS = 300


@dataclass(frozen=True)
class Url:
    """A folder that has no path on this machine; its text has no / at its end."""

    text: str

    def __str__(self) -> str:
        return self.text

    def __truediv__(self, name: str) -> "Url":
        return Url(f"{self.text}/{name}")


def place(words: str) -> Path | Url:
    """The folder that some words name: a URL if they begin like one, else a path."""
    return Url(words.rstrip("/")) if _URL.match(words) else Path(words)


def open_store(url: Url) -> "tuple[AbstractFileSystem, str]":
    """(file system, path in it) of a URL. Raises GongkaiError if this kind of URL cannot be opened here."""
    import fsspec  # a tenth of a second that builds on local folders need not wait

    kind = url.text.partition("://")[0].lower()
    try:
        store, path = fsspec.core.url_to_fs(url.text)
    except ImportError:
        extra = (
            f"pip install 'gongkai[{_EXTRAS[kind]}]'" if kind in _EXTRAS else f"fsspec needs a package for {kind}://"
        )
        raise GongkaiError(f"{url}: this kind of address needs another package: {extra}") from None
    except ValueError as error:
        raise GongkaiError(f"{url}: {error}") from None
    return store, str(path).rstrip("/")


@contextmanager
def store_errors(url: Url | str) -> Iterator[None]:
    """What goes wrong between here and a store, as one line that names the store."""
    try:
        yield
    except Exception as error:
        if not isinstance(error, OSError) and type(error).__module__.partition(".")[0] not in _LIBRARIES:
            raise
        raise GongkaiError(f"{url}: {error_words(error)}") from None


def error_words(error: BaseException) -> str:
    """What an error of a store says, on one line."""
    words = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        words = error.strerror
    return words[:MAX_WORDS]
