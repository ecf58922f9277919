"""Archives checked and mended: vectors brought in step with the catalogue, and both indexes built anew from it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from rag.errors import ArchiveError
from rag.intake.readings import Reading
from rag.recall import recall
from rag.schema import INDEX
from rag.store import Prepared, Store
from rag.vectors import Vectors

MENDED = 500
"""Passages embedded at once when vectors are missing."""
REBUILT = 50
"""Articles embedded at once when everything is."""
RECALL = 0.95
"""An index of vectors that finds less of the nearest passages is not to be relied on."""

_UNREADABLE = "the vectors cannot be read; 'groundwire doctor --repair' builds them anew"


def mend(store: Store) -> None:
    """After a kill between the two writes, bring the vectors in step again; their number tells whether they are not.

    Raises:
        ArchiveBusy: another process has been writing for too long.
    """
    with store.writing():
        _tidy(store)
        if len(store.vectors) != store.words.count():
            _mend(store)


def findings(store: Store) -> list[str]:
    """What is wrong with an archive, one line each; empty when nothing is."""
    with store.writing():
        found = _of_the_catalogue(store)
        try:
            known, stored = set(store.words.keys()), set(store.vectors.ids())
            sound = store.vectors.readable(sorted(known & stored))
        except ArchiveError:
            return [*found, _UNREADABLE]
    found += [] if sound else [_UNREADABLE]
    for what, keys in (("passages have no vector", known - stored), ("vectors have no passage", stored - known)):
        found += [f"{len(keys)} {what}; 'groundwire doctor --repair' mends that"] if keys else []
    return found + (_of_the_index(store, sorted(stored)) if sound else [])


def repair(store: Store) -> None:
    """Mend what can be mended from the articles kept.

    Raises:
        ArchiveBusy: another process has been writing for too long.
        ArchiveError: the catalogue itself is damaged.
    """
    if _of_the_catalogue(store) or _UNREADABLE in findings(store):
        rebuild(store)
        return
    with store.writing():
        _mend(store)


def rebuild(store: Store) -> int:
    """Build both indexes anew from the texts kept, with the store's embedder; how many articles.

    The new ones take the old ones' place only when all is there.
    """
    with store.locked():
        name = f"vectors-{store.catalogue.generation + 1}"
        shutil.rmtree(store.folder / name, ignore_errors=True)
        fresh = Vectors(store.folder / name)
        try:
            _embed_all(store, fresh)
        finally:
            fresh.close()
        replaced = store.vectors_folder()
        with store.database.transaction():
            count = _index_all(store)
            store.database.remember({"embedder": store.embedder.name, "vectors": name, "index": INDEX})
            store.catalogue.next_generation()
        store.see_rebuilt()
        shutil.rmtree(replaced, ignore_errors=True)
    return count


def _of_the_catalogue(store: Store) -> list[str]:
    return store.database.check() + store.words.check() + store.clusters.check()


def _of_the_index(store: Store, stored: Sequence[str]) -> list[str]:
    share = recall(store.vectors, stored)
    if share >= RECALL:
        return []
    return [f"only {share:.2f} of the nearest passages are found, not {RECALL}; 'groundwire reindex' mends that"]


def _tidy(store: Store) -> None:
    """Clear away what a rebuild left that was killed."""
    for folder in store.folder.glob("vectors*"):
        if folder != store.vectors_folder():
            shutil.rmtree(folder, ignore_errors=True)


def _mend(store: Store) -> None:
    known = store.words.keys()
    stored = set(store.vectors.ids())
    store.vectors.delete(sorted(stored - set(known)))
    missing = [key for key in known if key not in stored]
    for start in range(0, len(missing), MENDED):
        contents = store.words.texts(missing[start : start + MENDED])
        texts = [f"{store.heading(title)}\n{text}" for _, title, text in contents]
        store.vectors.upsert([key for key, *_ in contents], store.embedder.embed(texts))


def _embed_all(store: Store, fresh: Vectors) -> None:
    ids = store.catalogue.ids()
    for start in range(0, len(ids), REBUILT):
        texts: dict[str, str] = {}
        for prepared in _prepared(store, ids[start : start + REBUILT]):
            texts |= dict(zip(prepared.keys, store.embedded(prepared), strict=True))
        fresh.upsert(list(texts), store.embedder.embed(list(texts.values())))


def _index_all(store: Store) -> int:
    store.words.clear()
    store.clusters.clear()
    ids = store.catalogue.ids()
    for id in ids:
        for prepared in _prepared(store, [id]):
            store.derive(prepared.article, prepared)
    return len(ids)


def _prepared(store: Store, ids: Sequence[str]) -> list[Prepared]:
    return [store.prepare(Reading(store.catalogue.article(id), id, "", b"")) for id in ids]
