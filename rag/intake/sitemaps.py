"""Sitemaps and sitemap indexes -> addresses with times; fetches nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rag.errors import InputError
from rag.intake import gzipped, trees
from rag.intake.charsets import decoded
from rag.intake.entries import Entry, line, newest_first, resolved

LARGEST = 50_000_000
"""Bytes, unpacked; the protocol's own bound, as is the next."""
MOST_ADDRESSES = 50_000
_ROOTS = {"urlset", "sitemapindex"}


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, newest first, each address once."""

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    """Further sitemaps, of which this is an index."""
    note: str | None = None
    """What was wrong with it."""


def is_sitemap(data: bytes) -> bool:
    """Whether it begins as a sitemap does, packed or not, whatever type its server says."""
    start = _start(data)
    return trees.begins(start) in _ROOTS or _is_list(start)


def _start(data: bytes) -> bytes:
    if not data.startswith(gzipped.MAGIC):
        return data[:_START]
    try:
        return gzipped.unpacked(io.BytesIO(data)).read(_START)
    except InputError:
        return b""


_START = 1 << 16
_ADDRESS_LINE = re.compile(rb"https?://[^\s<>\"]+", re.IGNORECASE)


def _is_list(start: bytes) -> bool:
    """A text of nothing but addresses, one a line."""
    lines = [one.strip() for one in start.removeprefix(b"\xef\xbb\xbf").splitlines()]
    if len(start) == _START:
        lines.pop()  # cut off by us
    return any(lines) and all(_ADDRESS_LINE.fullmatch(one) for one in lines if one)


def parse(data: bytes, address: str | None, *, charset: str | None = None) -> Sitemap:
    """What a sitemap names that was fetched from ``address``.

    Raises:
        InputError: it is no sitemap, or too broken to hold any address.
    """
    plain = _unpacked(data)
    if _is_list(plain[:_START]):
        named = (Entry(address=resolved(address, one)) for one in decoded(plain, charset).splitlines())
        return _in_order(Sitemap(tuple(islice(named, MOST_ADDRESSES + 1))))
    tree = trees.parsed(plain, charset=charset, address=address)
    name = trees.name_of(tree.root)[1]
    if name not in _ROOTS:
        raise InputError(f"Not a sitemap but XML that begins with <{name[:80]}>. Check the address in a browser.")
    inner = "url" if name == "urlset" else "sitemap"
    found = tuple(islice(_entries(tree.root, inner, address), MOST_ADDRESSES + 1))
    if tree.open and tree.open not in _ROOTS:
        found = found[:-1]  # it breaks off in the last one
    if tree.broken and not found:
        raise InputError(f"The sitemap is broken XML and names no address ({tree.broken[:200]}). Try again later.")
    note = tree.broken and f"its sitemap is broken XML ({tree.broken[:200]}); addresses may be missing"
    return _in_order(Sitemap(found, (), note) if inner == "url" else Sitemap((), found, note))


def _unpacked(data: bytes) -> bytes:
    if data.startswith(gzipped.MAGIC):
        data = gzipped.unpacked(io.BytesIO(data)).read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError(f"The sitemap is too large: over {LARGEST // 1_000_000} MB. Name the sitemaps it should be.")
    return data


def _in_order(sitemap: Sitemap) -> Sitemap:
    note = sitemap.note
    if max(len(sitemap.entries), len(sitemap.sitemaps)) > MOST_ADDRESSES:
        note = f"its sitemap names over {MOST_ADDRESSES:,} addresses; only the first {MOST_ADDRESSES:,} were taken"
    return Sitemap(_once(sitemap.entries), _once(sitemap.sitemaps), note)


def _once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    first: dict[str, Entry] = {}
    for entry in newest_first(islice(entries, MOST_ADDRESSES)):
        if entry.address:
            first.setdefault(entry.address, entry)
    return tuple(first.values())


def _entries(root: Any, inner: str, address: str | None) -> Iterator[Entry]:
    for element in trees.children(root, inner):
        news = next(trees.children(element, "news"), None)
        yield Entry(
            address=resolved(address, _first(element, "loc")),
            title=_first(news, "title"),
            published_at=_first(news, "publication_date"),
            modified_at=_first(element, "lastmod"),
        )


def _first(element: Any, name: str) -> str | None:
    found = next(trees.children(element, name), None) if element is not None else None
    return None if found is None else line(trees.words(found))
