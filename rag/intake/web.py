"""Web addresses -> articles: a page, or what a feed or sitemap leads to, asked for again only where it may differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.intake import addresses, feeds, sitemaps
from rag.intake.entries import Entry, newest_first
from rag.intake.following import Follower, Source, refused, remembered
from rag.intake.readings import Memory, Options, Place, Read, Reading, Unchanged
from rag.records import Failure

if TYPE_CHECKING:
    from rag.fetching.fetch import Page

DEEPEST = 3
"""Sitemaps inside one another,"""
MOST_SITEMAPS = 500
"""and sitemaps followed from one address, at most."""


def read(address: str, *, options: Options, memory: Memory) -> Iterator[Read]:
    """The articles at an address, or those that the feed or sitemap there leads to, as they arrive.

    Closing the iterator stops fetching.
    """
    from rag.fetching.fetch import Fetcher

    place = Place(without_password(address), address, origin=address, address=address)
    with Fetcher(allow_private=options.allow_private) as fetcher:
        follower = Follower(fetcher, options, memory)
        try:
            page = fetcher.fetch(address, validators=memory.validators(address, options.salt))
        except InputError as error:
            yield from refused(place, error)
            return
        yield from _page(page, place, follower)


def without_password(address: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"(?<=://)[^/?#]*@", "***@", address)


def _page(page: Page, place: Place, follower: Follower) -> Iterator[Read]:
    if page.unchanged:
        yield Unchanged(place.name, place.key)
    elif sitemaps.is_sitemap(page.content):
        walk = _Walk(follower, page.url)
        limit = follower.options.limit
        yield from walk.all(page, place) if limit is None else walk.newest(page, place, limit)
    elif feeds.is_feed(page.content):
        yield from _feed(page, place, follower)
    else:
        yield from _pointed_on(follower.page(page, place), page)


def _feed(page: Page, place: Place, follower: Follower) -> Iterator[Read]:
    try:
        feed = feeds.parse(page.content, page.url, page.content_type, charset=page.charset)
    except InputError as error:
        yield Failure(place.name, None, str(error))
        return
    entries = feed.entries[: follower.options.limit]
    reads = _noted(follower.follow(entries, Source(page.url, feed.title)), feed.notes)
    # What was left out is to be seen next time, when the limit may be another.
    yield from (
        reads if len(entries) < len(feed.entries) else remembered(reads, place, page.validators, follower.options)
    )


def _noted(reads: Iterator[Read], notes: tuple[str, ...]) -> Iterator[Read]:
    """With notes on the whole put to the first article."""
    for read in reads:
        if notes and isinstance(read, Reading):
            read, notes = replace(read, notes=(*read.notes, *notes)), ()
        yield read


def _pointed_on(reads: Iterator[Read], page: Page) -> Iterator[Read]:
    """A page without an article may be a front page: its failure names the feeds that it offers."""
    for read in reads:
        offered = feeds.offered(page.content, page.url, charset=page.charset) if isinstance(read, Failure) else ()
        if isinstance(read, Failure) and offered:
            read = replace(read, error=f"{read.error} The page offers a feed to ingest: {', '.join(offered)}")
        yield read


@dataclass(slots=True)
class _Walk:
    """On the way through a sitemap and those it leads to, each read once, of one site."""

    follower: Follower
    site: str
    seen: set[str] = field(default_factory=set)
    strangers: list[str] = field(default_factory=list)

    def all(self, page: Page, place: Place) -> Iterator[Read]:
        """Every article, sitemap by sitemap."""
        for found in self._sitemaps(page, place, lambda _: True):
            if isinstance(found, _Found):
                reads = _noted(self.follower.follow(found.entries, Source(found.page.url)), found.notes)
                yield from remembered(reads, found.place, found.page.validators, self.follower.options)
            else:
                yield found
        yield from self._left_out(place)

    def newest(self, page: Page, place: Place, limit: int) -> Iterator[Read]:
        """The newest articles of all sitemaps; none is read that says it was last changed before those found."""
        kept: list[Entry] = []
        notes: tuple[str, ...] = ()

        def is_worth(sitemap: Entry) -> bool:
            return len(kept) < limit or sitemap.modified_at is None or sitemap.age <= kept[-1].age

        for found in self._sitemaps(page, place, is_worth):
            if isinstance(found, _Found):
                kept = newest_first({entry.address: entry for entry in (*kept, *found.entries)}.values())[:limit]
                notes += found.notes
            else:
                yield found
        yield from _noted(self.follower.follow(kept, Source(self.site)), notes)
        yield from self._left_out(place)

    def _sitemaps(
        self, page: Page, place: Place, is_worth: Callable[[Entry], bool], depth: int = 1
    ) -> Iterator[_Found | Read]:
        """A sitemap and those inside it, newest first."""
        self.seen.add(place.key)
        try:
            sitemap = sitemaps.parse(page.content, page.url, charset=page.charset)
        except InputError as error:
            yield Failure(place.name, None, str(error))
            return
        notes = (sitemap.note,) if sitemap.note else ()
        yield _Found(page, place, tuple(self._own(sitemap.entries)), notes)
        for child in self._own(sitemap.sitemaps):
            if child.address in self.seen or not child.address or not is_worth(child):
                continue
            if depth >= DEEPEST or len(self.seen) >= MOST_SITEMAPS:
                yield Failure(place.name, None, _TOO_MANY)
                return
            yield from self._child(child.address, is_worth, depth + 1)

    def _child(self, address: str, is_worth: Callable[[Entry], bool], depth: int) -> Iterator[_Found | Read]:
        place = Place(address, address, origin=address, address=address)
        options, memory = self.follower.options, self.follower.memory
        known = memory.validators(address, options.salt) if options.limit is None else None
        try:
            page = self.follower.fetcher.fetch(address, validators=known)
        except InputError as error:
            self.seen.add(address)
            yield from refused(place, error)
            return
        if page.unchanged:
            self.seen.add(address)
            yield Unchanged(address, address)
        else:
            yield from self._sitemaps(page, place, is_worth, depth)

    def _own(self, entries: tuple[Entry, ...]) -> Iterator[Entry]:
        """Those on the sitemap's own site; another's pages are not for it to list."""
        for entry in entries:
            if addresses.are_kin(entry.address, self.site):
                yield entry
            elif entry.address:
                self.strangers.append(entry.address)

    def _left_out(self, place: Place) -> Iterator[Failure]:
        if self.strangers:
            found = f"{len(self.strangers):,} addresses of other sites, such as {self.strangers[0][:200]}"
            yield Failure(place.name, None, f"It names {found}; they were left out. Ingest them by themselves.")


_TOO_MANY = (
    f"It leads to sitemaps over {DEEPEST} deep or to over {MOST_SITEMAPS}; the rest was left out. "
    "Ingest those by themselves."
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A sitemap that was read."""

    page: Page
    place: Place
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]
