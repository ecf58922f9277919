"""Whether the articles that bear the answer were found, and how high they rank; articles rank by their best hit."""

from __future__ import annotations

from math import log2

from eval.cases import Case
from eval.scores import Context, Output, Score, Scorer, hits

NO_GOLD = "no gold"
NO_HITS = "not told what was found"
NOTHING_FOUND = ("empty_archive", "filtered_out", "out_of_period")
"""Refusals that say that the search had nothing to find; others without hits do not tell what was found."""
NO_SEARCH = "nothing was searched"


def hit_at(k: int) -> Scorer:
    """Whether any gold article is among the first ``k`` articles."""

    def hit(case: Case, output: Output, _: Context) -> Score:
        relevant = _relevant(case, output)
        return relevant if isinstance(relevant, Score) else Score(float(any(relevant[:k])))

    return hit


def recall_at(k: int) -> Scorer:
    """The share of gold articles among the first ``k`` articles."""

    def recall(case: Case, output: Output, _: Context) -> Score:
        relevant = _relevant(case, output)
        if isinstance(relevant, Score):
            return relevant
        return Score(len(frozenset().union(*relevant[:k])) / len(_gold(case)))

    return recall


def mrr(case: Case, output: Output, _: Context) -> Score:
    """One over the rank of the first gold article; 0 where none was found."""
    relevant = _relevant(case, output)
    if isinstance(relevant, Score):
        return relevant
    return Score(next((1 / rank for rank, gold in enumerate(relevant, 1) if gold), 0.0))


def ndcg_at(k: int) -> Scorer:
    """Normalised discounted cumulative gain of the first ``k`` articles (Järvelin and Kekäläinen, 2002).

    A gold article gains 1 and is discounted by the binary logarithm of its rank plus one; the sum is divided by that
    of the best order.
    """

    def ndcg(case: Case, output: Output, _: Context) -> Score:
        relevant = _relevant(case, output)
        if isinstance(relevant, Score):
            return relevant
        gained = sum(len(gold) / log2(rank + 1) for rank, gold in enumerate(relevant[:k], 1) if gold)
        best = sum(1 / log2(rank + 1) for rank in range(1, min(k, len(_gold(case))) + 1))
        return Score(min(1.0, gained / best))

    return ndcg


def _relevant(case: Case, output: Output) -> list[frozenset[str]] | Score:
    """The gold articles that each article found stands for, in rank order; or why retrieval cannot be scored.

    An article that was cited stands for its near-copies too, which search folds into it. Each counts once.
    """
    if case.summarize is not None:
        return Score(None, NO_SEARCH)
    if not case.gold:
        return Score(None, NO_GOLD)
    if not hits(output) and not (output.refusal and output.refusal.reason in NOTHING_FOUND):
        return Score(None, NO_HITS)
    copies = {citation.article_id: citation.also for citation in output.citations}
    gold, seen = _gold(case), set[str]()
    ranked: list[frozenset[str]] = []
    for found in dict.fromkeys(hit.article_id for hit in hits(output)):
        told = (gold & {found, *copies.get(found, ())}) - seen
        seen |= told
        ranked.append(frozenset(told))
    return ranked


def _gold(case: Case) -> set[str]:
    return {gold.article for gold in case.gold}
