"""What reading an input yields, in order, and what a reader may ask about earlier readings."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from rag.fetching.validators import Validators
from rag.records import Article, Failure, Removed

FIELDS = (
    *("id", "title", "text", "url", "source", "authors"),
    *("published_at", "modified_at", "language", "description"),
)
"""Of an article, as a mapping names them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One article as it stood at one place."""

    article: Article
    name: str
    """How messages call the file or address."""
    place: str
    """The absolute path or the address, by which the place is known again; ``-`` for standard input."""
    key: bytes
    """Digest of the raw input it was read from: equal keys of one place need no second parsing."""
    line: int | None = None
    removed: tuple[Removed, ...] = ()
    """What cleaning took out of the text."""
    notes: tuple[str, ...] = ()
    """What was set aside without losing the article, one line each, such as a date in the future."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Articles of a place that were passed over, since what they were read from has not changed."""

    name: str
    place: str
    keys: tuple[bytes, ...] = ()
    """Of the single articles passed over; none where the whole place is unchanged."""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Finished:
    """A place was read to its end, and nothing in it failed."""

    place: str
    key: bytes
    """Digest of the whole of it."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A place that is no more: its file was deleted, or its address answers that it is gone for good."""

    place: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """An address was fetched, and the articles read from it came before this."""

    address: str
    validators: Validators
    salt: bytes = b""
    """Of the options it was read with."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is read."""

    name: str
    """How messages call it."""
    key: str
    """The absolute path or the address; ``-`` for standard input."""
    origin: str | None = None
    """By which a changed article without id or address is known again; none where several come from one place."""
    address: str | None = None
    """Where on the web it was fetched, if it was."""

    def line(self, number: int) -> Place:
        """A line of it. Lines move, so none is an origin by which an article is known again."""
        return replace(self, origin=None, address=self.address and f"{self.address}#L{number}")


@dataclass(frozen=True, slots=True)
class Options:
    """How to read."""

    fields: Mapping[str, str] = field(default_factory=dict)
    """Names of an article's fields in rows and objects, by our own: ``{"title": "Headline"}``."""
    allow_private: bool = False
    """Whether addresses that are not public may be fetched."""
    limit: int | None = None
    """Articles taken from one feed or sitemap at most, the newest; ``None`` for all."""

    @property
    def salt(self) -> bytes:
        """Part of every key: read otherwise, an unchanged input may be another article."""
        return json.dumps([_VERSION, sorted(self.fields.items())]).encode()


_VERSION = 1
"""Of reading and cleaning: a larger one has everything read anew."""


Read = Reading | Unchanged | Failure | Finished | Fetched | Gone


class Memory(Protocol):
    """What is known of earlier readings."""

    def whole(self, place: str, key: bytes) -> int | None:
        """How many articles the place had when it was read whole with this key, if all of them still stand."""

    def holds(self, place: str, key: bytes) -> bool:
        """Whether the article read from this input at this place still stands, unchanged since."""

    def validators(self, address: str, salt: bytes) -> Validators | None:
        """What the server sent with the page, if it was read in the same way and its articles still stand."""


class NoMemory:
    """Nothing is known: everything is read."""

    def whole(self, place: str, key: bytes) -> int | None:
        return None

    def holds(self, place: str, key: bytes) -> bool:
        return False

    def validators(self, address: str, salt: bytes) -> Validators | None:
        return None


def key(*parts: bytes) -> bytes:
    """SHA-256 of the parts, told apart."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()
