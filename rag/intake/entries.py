"""What a feed or a sitemap says of single articles: one shape for both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from rag.intake import addresses, times

_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one article; times as they are written there."""

    address: str | None = None
    id: str | None = None
    title: str | None = None
    published_at: str | None = None
    modified_at: str | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    """HTML."""
    html: str | None = None
    """The whole article as HTML, where the feed carries it."""

    @property
    def age(self) -> float:
        """Grows with age; endless without a time."""
        moment = times.moment(self.modified_at) or times.moment(self.published_at)
        return -moment.timestamp() if moment else float("inf")


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """In the order of their times; equally old ones stay as they stand."""
    return sorted(entries, key=lambda entry: entry.age)


def line(value: object) -> str | None:
    """A stated word or number on one line of bounded length."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return " ".join(_sound(str(value)[: 4 * _LONGEST]).split())[:_LONGEST] or None


def markup(value: object) -> str | None:
    """A stated piece of HTML."""
    return _sound(value).strip() or None if isinstance(value, str) else None


def _sound(text: str) -> str:
    """Without halves of characters, which JSON can write and no file can hold."""
    return text.encode("utf-8", "replace").decode()


def resolved(base: str | None, link: object) -> str | None:
    """The http(s) address of what may be relative to another."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        # Some write blanks into addresses, where none can stand.
        return addresses.canonical(urljoin(base or "", link.strip()).replace(" ", "%20"))
    except ValueError:
        return None
