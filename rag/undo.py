"""Articles taken out, held whole in memory, and put back as they were: the undo of a removal.

Nothing of them stays in the archive meanwhile. Vectors are not held: they are made anew from the same words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.errors import ArchiveError, UnknownArticle
from rag.intake.readings import Reading
from rag.records import Article, Removed
from rag.register import Read
from rag.store import Prepared, Store


@dataclass(frozen=True, slots=True)
class Kept:
    """One article that was taken out, with all that the archive knew of it."""

    revisions: tuple[Article, ...]
    """The first one first; the last was the current one."""
    removed: tuple[tuple[Removed, ...], ...]
    """What cleaning took out of each revision."""
    read: tuple[Read, ...]
    """Where it was read."""
    cluster: str
    """Name of the articles that carried the same report; empty for a stub."""
    alike: frozenset[str]
    """Ids of other articles of the same address or words that were there all along."""

    @property
    def id(self) -> str:
        return self.current.id

    @property
    def current(self) -> Article:
        return self.revisions[-1]


def take_out(store: Store, ids: Sequence[str]) -> tuple[Kept, ...]:
    """Remove articles, and hand them back whole.

    Raises:
        UnknownArticle: no article has one of the ids; none is removed.
        ArchiveBusy: another process has been writing for too long.
    """
    with store.writing():
        kept = tuple(_kept(store, id) for id in ids)
        store.remove(ids)
    return kept


def restore(store: Store, kept: Sequence[Kept]) -> None:
    """Put articles back, all of them or none; those that are there again as they were stay as they are.

    Raises:
        ArchiveError: one of them has come back meanwhile with other words or under another id.
        ArchiveBusy: another process has been writing for too long.
    """
    prepared = {one.id: _prepared(store, one) for one in kept}
    vectors = store.embed(prepared.values())
    with store.writing():
        wanted = [one for one in kept if _is_gone(store, one)]
        store.upsert([prepared[one.id] for one in wanted], vectors)
        with store.database.transaction():
            for one in wanted:
                _put_back(store, one, prepared[one.id])
            if wanted:
                store.catalogue.next_generation()


def _kept(store: Store, id: str) -> Kept:
    revisions = store.catalogue.revisions(id)
    return Kept(
        tuple(revisions),
        tuple(tuple(store.catalogue.removed(id, one.revision)) for one in revisions),
        tuple(store.register.read_at(id)),
        store.clusters.name(id),
        frozenset(store.catalogue.alike(revisions[-1])),
    )


def _prepared(store: Store, kept: Kept) -> Prepared:
    return store.prepare(Reading(kept.current, kept.id, f"article:{kept.id}", b""))


def _is_gone(store: Store, kept: Kept) -> bool:
    """Whether an article has to be put back; one that came back otherwise is in the way."""
    others = sorted(store.catalogue.alike(kept.current) - kept.alike)
    if others:
        raise ArchiveError(
            f"Article '{kept.id}' has come back as '{others[0]}' since it was removed. Remove that one first."
        )
    there = _there(store, kept.id)
    if there and not _same_words(kept, there):
        raise ArchiveError(
            f"Article '{kept.id}' has come back with other words since it was removed. Remove it again first."
        )
    return tuple(there) != kept.revisions


def _there(store: Store, id: str) -> list[Article]:
    try:
        return store.catalogue.revisions(id)
    except UnknownArticle:
        return []


def _same_words(kept: Kept, there: Sequence[Article]) -> bool:
    """Whether nothing is lost where the article kept takes the place of the one that is there."""
    known = {one.digest for one in kept.revisions}
    return there[-1].digest == kept.current.digest and all(one.digest in known for one in there)


def _put_back(store: Store, kept: Kept, prepared: Prepared) -> None:
    left = store.clusters.name(kept.id)
    store.words.drop(kept.id)
    store.catalogue.put_back(kept.revisions, kept.removed)
    store.derive(kept.current, prepared, formerly=kept.cluster)
    store.register.put_back(kept.id, kept.read)
    if left:
        store.clusters.elect(left)
