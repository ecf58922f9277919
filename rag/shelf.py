"""What the steps of an answer need of an archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rag import evidence
from rag.embedder import BundledEmbedder
from rag.evidence import Evidence, Sentence, Settled
from rag.question import Question
from rag.reader import open_reader
from rag.records import Article, Filters, Hit
from rag.remembered import bundled_sentences
from rag.store import Store


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the steps need of an archive."""

    search: Callable[[str, int, Filters], Sequence[Hit]]
    article: Callable[[str, int], Article]
    current: Callable[[str], Article]
    carriers: Callable[[str], tuple[str, ...]]
    admits: Callable[[str, Filters], bool]
    holds: Callable[[Filters], bool]
    newest: Callable[[Filters], datetime | None]
    outlets: Callable[[], Sequence[str]]
    weigh: Callable[[Question, Sequence[Sentence], int, Settled], list[Evidence]]
    """At most so many sentences, no further than until what is asked of them is settled."""
    english_only: bool
    """Whether meanings are compared in English alone."""


def shelf_of(store: Store) -> Shelf:
    """What a store holds, as the steps take it."""
    catalogue = store.catalogue
    reader = open_reader()
    return Shelf(
        search=store.search,
        article=catalogue.article,
        current=catalogue.article,
        carriers=store.clusters.carriers,
        admits=store.words.admits,
        holds=catalogue.holds,
        newest=catalogue.newest,
        outlets=catalogue.sources,
        weigh=lambda asked, sentences, most, settled: evidence.weigh(
            asked,
            sentences,
            rarity=store.rarity,
            embed=bundled_sentences().embed,
            reader=reader,
            most=most,
            settled=settled,
        ),
        english_only=store.embedder.name == BundledEmbedder.name,
    )
