"""Entries of feeds and sitemaps -> articles: each entry's page, or what the feed carries of it."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.fetching.validators import Validators
from rag.intake import addresses, formats, metadata, pages, readings, times
from rag.intake.readings import Fetched, Finished, Gone, Memory, Options, Place, Read, Reading, Unchanged
from rag.records import Article, Failure

if TYPE_CHECKING:
    from rag.fetching.fetch import Fetcher, Page
    from rag.intake.entries import Entry

WHOLE = 80
"""Words from which on the text in a feed is taken for the whole article."""


@dataclass(frozen=True, slots=True)
class Source:
    """The feed or sitemap that names entries."""

    address: str
    """Where it was really served: what it says counts for pages of that host and its kin."""
    title: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Follower:
    """Reads pages, knowing what was read before."""

    fetcher: Fetcher
    options: Options
    memory: Memory

    def page(self, page: Page, place: Place, *, stamp: bytes | None = None) -> Iterator[Read]:
        """The articles of what was fetched; with ``stamp`` it is known again by that and not by its content."""
        return remembered(self._page(page, place, stamp), place, page.validators, self.options)

    def _page(self, page: Page, place: Place, stamp: bytes | None) -> Iterator[Read]:
        key = readings.key(self.options.salt, page.content)
        count = None if stamp else self.memory.whole(place.key, key)
        if count is not None:
            yield Unchanged(place.name, place.key, count=count)
            return
        failed = False
        for read in self._read(page, replace(place, address=page.url)):
            failed |= isinstance(read, Failure)
            yield read
        if not failed:
            yield Finished(place.key, stamp or key)

    def _read(self, page: Page, place: Place) -> Iterator[Read]:
        try:
            kind = formats.kind_of(page.content_type, page.url, page.content)
            file = io.BytesIO(_utf_8(page))
            yield from formats.readings(file, kind, place, options=self.options, memory=self.memory)
        except InputError as error:
            yield Failure(place.name, None, str(error))

    def follow(self, entries: Iterable[Entry], source: Source) -> Iterator[Read]:
        """What the entries lead to, in the order in which it arrives."""
        due: dict[str, Entry] = {}
        for entry in entries:
            if entry.address is None:
                yield from self._carried(entry, source)
            elif (count := self._standing(entry)) is not None:
                yield Unchanged(entry.address, entry.address, count=count)
            else:
                due[entry.address] = entry
        asked = ((address, self.memory.validators(address, self.options.salt)) for address in due)
        with closing(self.fetcher.fetch_each(asked)) as answers:
            for address, answer in answers:
                yield from self._answered(due[address], answer, source)

    def _standing(self, entry: Entry) -> int | None:
        """How many articles were read from an entry that says it was not modified since."""
        stamp = self._stamp(entry)
        return self.memory.whole(entry.address, stamp) if stamp and entry.address else None

    def _stamp(self, entry: Entry) -> bytes | None:
        """By which an entry is known again; none where it tells only the day, on which it may change again."""
        stated = entry.modified_at or ""
        return readings.key(self.options.salt, b"modified", stated.encode()) if ":" in stated else None

    def _answered(self, entry: Entry, answer: Page | InputError, source: Source) -> Iterator[Read]:
        address = entry.address or ""
        place = Place(address, address, origin=address, address=address)
        if isinstance(answer, InputError):
            yield from refused(place, answer) if is_gone(answer) else self._instead(entry, str(answer), source)
        elif answer.unchanged:
            yield Unchanged(address, address)
        else:
            reads = list(self.page(answer, place, stamp=self._stamp(entry)))
            if reads and all(isinstance(read, Failure) for read in reads):
                yield from self._instead(
                    entry, next(read.error for read in reads if isinstance(read, Failure)), source
                )
            elif _is_lesser(reads, _length(entry)):
                yield from self._carried(entry, source, note="taken from the feed, since its page shows less of it")
            else:
                yield from _completed(reads, entry)

    def _instead(self, entry: Entry, why: str, source: Source) -> Iterator[Read]:
        """The article that the feed carries, where its page cannot be read."""
        if _length(entry) >= WHOLE:
            yield from self._carried(entry, source, note=f"taken from the feed, since its page cannot be read: {why}")
        else:
            yield Failure(entry.address or source.address, None, why)

    def _carried(self, entry: Entry, source: Source, note: str | None = None) -> Iterator[Read]:
        """The article in an entry. Only of its own site may a feed say that a page there has this text."""
        own = entry.address if addresses.are_kin(entry.address, source.address) else None
        name = entry.address or f"{source.address}#{entry.id}"
        origin = own or f"{source.address}#{entry.address or entry.id}"
        key = readings.key(self.options.salt, repr(entry).encode())
        if self.memory.holds(name, key):
            yield Unchanged(name, name, keys=(key,))
            return
        try:
            described = metadata.describe(
                _fields(entry, source),
                pages.text_of(entry.html or entry.summary or ""),
                origin=origin,
                address=own,
                latest=datetime.now(UTC),
            )
        except InputError as error:
            yield Failure(name, None, str(error))
            return
        article = described.article if own else replace(described.article, url=None, canonical=entry.address)
        notes = (*described.notes, *((note,) if note else ()))
        yield Reading(article, name, name, key, removed=described.removed, notes=notes)


def _fields(entry: Entry, source: Source) -> dict[str, object]:
    return {
        "title": entry.title,
        "authors": list(entry.authors),
        "published_at": entry.published_at,
        "modified_at": entry.modified_at,
        "description": pages.text_of(entry.summary) if entry.summary and entry.html else None,
        "source": source.title,
    }


def _utf_8(page: Page) -> bytes:
    """The content, of a text in another charset that the server names in UTF-8, which says so of itself."""
    if page.charset is None or not page.content_type.startswith(("text/", "application/xhtml", "application/json")):
        return page.content
    try:
        page.content.decode()
    except UnicodeDecodeError:
        try:
            return codecs.BOM_UTF8 + page.content.decode(page.charset).encode()
        except UnicodeError:
            pass
    return page.content


def remembered(reads: Iterator[Read], place: Place, validators: Validators, options: Options) -> Iterator[Read]:
    """The same, and then what to tell the server next time; what failed is to be fetched again whole."""
    failed = False
    for read in reads:
        failed |= isinstance(read, Failure)
        yield read
    if not failed:
        yield Fetched(place.key, validators, options.salt)


def is_gone(error: InputError) -> bool:
    """Whether the server says that there was a page and never will be again."""
    from rag.fetching.answers import GoneError

    return isinstance(error, GoneError)


def refused(place: Place, error: InputError) -> Iterator[Read]:
    """What an address that cannot be fetched comes to."""
    yield Failure(place.name, None, str(error))
    if is_gone(error):
        yield Gone(place.key)


def _length(entry: Entry) -> int:
    """Words that the feed has of the article."""
    try:
        return len(pages.text_of(entry.html).split()) if entry.html else 0
    except InputError:
        return 0


def _is_lesser(reads: list[Read], length: int) -> bool:
    """Whether a page is but a wall or a frame before what the feed has whole."""
    texts = [read.article.text for read in reads if isinstance(read, Reading)]
    return len(texts) == 1 and length >= WHOLE and len(texts[0].split()) * 2 < length


def _completed(reads: list[Read], entry: Entry) -> Iterator[Read]:
    """With what the entry states and its page does not, where the page is one article."""
    single = sum(isinstance(read, Reading) for read in reads) == 1
    for read in reads:
        yield replace(read, article=_filled(read.article, entry)) if single and isinstance(read, Reading) else read


def _filled(article: Article, entry: Entry) -> Article:
    stated = times.sane(entry.published_at, None, now=datetime.now(UTC), earliest=times.FIRST_ON_PAGES).published
    published = article.published_at or stated
    # A page's own day, perhaps only read off its address, and the feed's hour of that day.
    if published and stated and published == stated.replace(hour=0, minute=0, second=0, microsecond=0):
        published = stated
    untitled = article.text.startswith(article.title.removesuffix("…"))
    return replace(
        article,
        title=entry.title if untitled and entry.title else article.title,
        published_at=published,
        authors=article.authors or entry.authors,
    )
