"""What the page does when its reader looks through the articles: plain functions, nothing of Gradio.

What is looked at comes from the browser with each event, so that it outlasts a restart of the server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from rag.errors import GroundwireError, UnknownArticle
from ui.html.library import PAGE, Look, Offered, listing_html, removed_html, restored_html
from ui.html.markup import error_html
from ui.html.whole import Whole, gone_html, whole_html
from ui.page.components import counted

if TYPE_CHECKING:
    from rag import Archive
    from rag.listing import Listing
    from rag.records import Article
    from rag.undo import Kept

UNDO_SECONDS = 600.0
MOST_KEPT = 500
"""Articles held for an undo at a time; the earliest removals are let go of for later ones."""
CARRIERS = 50
"""Other carriers of a report that are shown."""
_NOT_HELD = (
    "This can no longer be undone: ten minutes or the server's restart have passed, or too much was removed since."
)
_NONE_CHOSEN = "No article is chosen. Choose some, then remove them."


@dataclass(frozen=True, slots=True)
class Shown:
    """What a removal or its undo changes: the line about it, and the articles."""

    told: str
    articles: str


class Removals:
    """What was taken out, held in memory alone, for so long and so many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, str, tuple[Kept, ...]]] = {}

    def hold(self, reader: str, kept: tuple[Kept, ...]) -> str:
        """The key by which the same reader has it back."""
        key = uuid4().hex
        with self._lock:
            self._held[key] = (self._clock() + UNDO_SECONDS, reader, kept)
            self._let_go()
        return key

    def take(self, reader: str, key: object) -> tuple[Kept, ...] | None:
        """What is held by a key; ``None`` where nothing is, or it is another's."""
        with self._lock:
            self._let_go()
            held = self._held.get(str(key))
        return held[2] if held and held[1] == reader else None

    def drop(self, key: object) -> None:
        """Hold it no longer."""
        with self._lock:
            self._held.pop(str(key), None)

    def _let_go(self) -> None:
        now = self._clock()
        for key in [key for key, (until, _, _) in self._held.items() if until <= now]:
            del self._held[key]
        while len(self._held) > 1 and sum(len(kept) for _, _, kept in self._held.values()) > MOST_KEPT:
            del self._held[next(iter(self._held))]


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles of one archive, as its readers look through and tidy them."""

    archive: Archive
    _removals: Removals = field(default_factory=Removals)

    def look(self, data: object) -> str:
        """The articles that a browser asks for, as they are now."""
        look = Look.of(data)
        try:
            found = self._found(look)
            if not found.articles and look.offset and found.total:
                look = replace(look, offset=(found.total - 1) // PAGE * PAGE)
                found = self._found(look)
            return listing_html(found, look, Offered(self.archive.outlets(), self.archive.languages()))
        except GroundwireError as error:
            return error_html(str(error))

    def article(self, data: object) -> str:
        """One article whole, in the revision asked for, and what changed since or until another."""
        asked = data if isinstance(data, Mapping) else {}
        try:
            revision, against = (counted(asked.get(name)) or None for name in ("revision", "against"))
            return whole_html(self._whole(str(asked.get("id")), revision, against))
        except GroundwireError as error:
            return gone_html(str(error))

    def remove(self, data: object, reader: str = "") -> Shown:
        """The articles chosen taken out, and how to have them back."""
        ids = _ids(data)
        if not ids:
            return Shown(error_html(_NONE_CHOSEN), self.look(data))
        try:
            kept = self.archive.take_out(*ids)
            told = removed_html(_titles(kept), self._removals.hold(reader, kept))
        except GroundwireError as error:
            told = error_html(str(error))
        return Shown(told, self.look(data))

    def undo(self, data: object, reader: str = "") -> Shown:
        """What was removed put back, as long as it is held."""
        key = data.get("key") if isinstance(data, Mapping) else None
        kept = self._removals.take(reader, key)
        if kept is None:
            return Shown(error_html(_NOT_HELD), self.look(data))
        try:
            self.archive.restore(kept)
            self._removals.drop(key)
            told = restored_html(_titles(kept))
        except GroundwireError as error:
            told = error_html(str(error))
        return Shown(told, self.look(data))

    def _found(self, look: Look) -> Listing:
        return self.archive.listing(
            query=look.query or None,
            sort=look.sort,
            offset=look.offset,
            limit=PAGE,
            source=look.outlet or None,
            language=look.language or None,
            since=look.since or None,
            until=look.until or None,
        )

    def _whole(self, id: str, revision: int | None, against: int | None) -> Whole:
        article = self.archive.article(id, revision)
        cluster = self.archive.cluster(id)
        others = [one for one in cluster.members if one != id][:CARRIERS]
        return Whole(
            article,
            self.archive.revisions(id),
            self.archive.removed(id, revision),
            cluster,
            {one.id: one for one in self._known(others)},
            self.archive.article(id, against) if against else None,
        )

    def _known(self, ids: Sequence[str]) -> list[Article]:
        """The articles of the ids; another process may have removed some since they were read."""
        known = []
        for id in ids:
            try:
                known.append(self.archive.article(id))
            except UnknownArticle:
                continue
        return known


def _ids(data: object) -> list[str]:
    ids = data.get("ids") if isinstance(data, Mapping) else None
    return [one for one in ids if isinstance(one, str)] if isinstance(ids, list) else []


def _titles(kept: Sequence[Kept]) -> list[str]:
    return [one.current.title or one.id for one in kept]
