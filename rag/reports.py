"""Hits -> hits that tell a report once: copies give way to the original, unless they say something else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rag import passages
from rag.catalogue import Catalogue
from rag.clusters import Clusters
from rag.records import Article, Filters, Hit
from rag.word_index import WordIndex
from rag.words import words

Words = frozenset[str]

VARIANTS = 3
"""Copies of one report that are shown beside its original for what they say otherwise, at most."""
_LIGHT = frozenset("a an the and of to in on at by for from with that which who as it its has had was were".split())
"""Words that a trimmed or joined sentence may gain without saying anything else."""


def one_a_report(
    hits: Sequence[Hit],
    asked: Collection[str],
    filters: Filters,
    *,
    clusters: Clusters,
    catalogue: Catalogue,
    index: WordIndex,
) -> list[Hit]:
    """The hits in their order; a copy's becomes the original's passage that says the same, or stays if none does.

    Of copies that say something else a few stay, and each that holds a word ``asked`` for and not in the original.

    Where the filters leave the original out, the earliest copy that they admit takes its place.
    """
    members = {id: clusters.carriers(id) for id in dict.fromkeys(hit.article_id for hit in hits)}
    reports: dict[str, _Report] = {}
    kept: dict[str, Hit] = {}
    for hit in hits:
        carriers = members[hit.article_id]
        if len(carriers) < 2:
            kept.setdefault(hit.passage_id, hit)
            continue
        if carriers[0] not in reports:
            admitted = (id for id in carriers if index.admits(id, filters))
            base = next(admitted, hit.article_id)
            lacked = frozenset(asked) - frozenset(words(catalogue.article(base).text))
            reports[carriers[0]] = _Report(base, lacked)
        report = reports[carriers[0]]
        one = hit if hit.article_id == report.base else _told_by(hit, report.base, catalogue.article, index.passages)
        if report.takes(one):
            kept.setdefault(one.passage_id, one)
    return list(kept.values())


@dataclass(slots=True)
class _Report:
    """What the hits kept tell of one report."""

    base: str
    """Id of the article that tells it: the original, if the filters admit it."""
    lacked: Words
    """What was asked for and the base does not hold."""
    told: list[Words] = field(default_factory=list)
    variants: set[str] = field(default_factory=set)

    def takes(self, hit: Hit) -> bool:
        """Whether a hit is the base's, or of one of the first copies that say something else."""
        new = [sentence for sentence in _sentences(hit.text) if not _is_among(sentence, self.told)]
        if hit.article_id != self.base:
            wanted = any(self.lacked & sentence for sentence in new)
            if not new or not (wanted or len(self.variants | {hit.article_id}) <= VARIANTS):
                return False
            if not wanted:
                self.variants.add(hit.article_id)
        self.told += new
        return True


def _told_by(hit: Hit, base: str, article: Callable[[str], Article], of: Callable[[str], list[Hit]]) -> Hit:
    """The passage of the base that says what the hit does, with the hit's score; the hit itself where none does."""
    own = _sentences(hit.text)
    told = _sentences(article(base).text)
    if any(not _is_among(sentence, told) for sentence in own):
        return hit
    best = max(of(base), key=lambda one: _shared(own, _sentences(one.text)), default=None)
    return hit if best is None else replace(best, score=hit.score)


def _shared(own: Sequence[Words], others: Sequence[Words]) -> int:
    held: Words = frozenset().union(*others)
    return sum(len(sentence & held) for sentence in own)


def _is_among(sentence: Words, told: Sequence[Words]) -> bool:
    """Whether one of the sentences told holds every word that matters: a figure or name changed is something else."""
    return any(not (sentence - other - _LIGHT) for other in told)


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[Words, ...]:
    return tuple(frozenset(words(text[span.start : span.end])) for span in passages.sentences(text))
