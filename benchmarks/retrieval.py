"""How well articles are found: nDCG@10 of word search, dense search, their rank fusion, and search as it is.

    python -m benchmarks.retrieval --data FOLDER

FOLDER holds news_articles_2023, news_questions_2023, time_articles and time_queries as gzipped JSON lines.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.archives import filled
from rag.bm25 import Posting, shares
from rag.models.reader.data import Row, load
from rag.recall import recall
from rag.records import Filters
from rag.retrieval import query_words
from rag.store import Store

DEPTH = 100
"""Passages a ranking of articles is made from."""
CONSTANT = 60
"""Of reciprocal rank fusion; Cormack, Clarke and Büttcher, 2009."""

Ranking = list[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of searching on one set of questions."""

    name: str
    ndcg: float
    low: float
    high: float
    """Bounds of the 95 % interval, by bootstrap over the questions."""


def ndcg(ranking: Sequence[str], relevant: set[str], k: int = 10) -> float:
    """Järvelin and Kekäläinen 2002, with relevance 0 or 1."""
    gain = sum(1 / math.log2(rank + 2) for rank, id in enumerate(ranking[:k]) if id in relevant)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(relevant))))
    return gain / ideal if ideal else 0.0


def interval(values: Sequence[float], seed: int = 7) -> tuple[float, float]:
    draw = random.Random(seed)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return means[50], means[1949]


class Halves:
    """Word search and dense search each alone, and fused by their ranks: what search is to beat."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._holdings = store.words.holdings()

    def words(self, query: str) -> Ranking:
        """Keys of contents by BM25."""
        occurrences = self._store.words.occurrences(query_words(query))
        postings = [Posting.of(self._holdings.places(numbers)) for numbers in occurrences]
        scores = shares(postings, self._holdings.lengths)
        places = np.argsort(-scores, kind="stable")[:DEPTH]
        numbers = self._holdings.numbers[places[scores[places] > 0]]
        keys = self._store.words.keys_of(numbers)
        return [keys[number] for number in numbers.tolist()]

    def dense(self, query: str) -> Ranking:
        """Keys of contents by cosine."""
        return [key for key, _ in self._store.vectors.search(self._store.embedder.embed([query])[0], DEPTH)]

    def fused(self, query: str) -> Ranking:
        """Both by reciprocal rank."""
        scores: dict[str, float] = {}
        for ranking in (self.dense(query), self.words(query)):
            for rank, key in enumerate(ranking):
                scores[key] = scores.get(key, 0.0) + 1 / (CONSTANT + rank + 1)
        return sorted(scores, key=lambda key: -scores[key])


def searches(store: Store) -> dict[str, Callable[[str], Ranking]]:
    """Ways from a question to ids of articles, best first."""
    halves = Halves(store)

    def by_article(keys: Ranking) -> Ranking:
        hits = store.words.hits([(key, 0.0) for key in keys], Filters())
        return list(dict.fromkeys(hit.article_id for hit in hits))

    return {
        "words": lambda query: by_article(halves.words(query)),
        "dense": lambda query: by_article(halves.dense(query)),
        "rank fusion": lambda query: by_article(halves.fused(query)),
        "search": lambda query: list(dict.fromkeys(hit.article_id for hit in store.search(query, DEPTH, Filters()))),
    }


def judged(data: Path, name: str) -> tuple[list[Row], list[tuple[str, set[str]]]]:
    """Articles, and questions with the ids of those that answer."""
    articles, questions, relevant = {
        "news 2023": ("news_articles_2023", "news_questions_2023", "answer_string_in"),
        "TIME 1963": ("time_articles", "time_queries", "relevant"),
    }[name]
    asked = [(row["question"], set(row[relevant])) for row in load(data, questions)]
    return load(data, articles), [pair for pair in asked if pair[1]]


def measured(data: Path, name: str) -> tuple[list[Measured], float]:
    """Each way of searching, and the recall of the vector index against exact comparison."""
    articles, asked = judged(data, name)
    with tempfile.TemporaryDirectory() as folder:
        store = filled(Path(folder) / "archive", articles)
        found = []
        for label, search in searches(store).items():
            scores = [ndcg(search(question), relevant) for question, relevant in asked]
            found.append(Measured(label, sum(scores) / len(scores), *interval(scores)))
        known = recall(store.vectors, sorted(store.vectors.ids()))
        store.close()
    return found, known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    for name in ("news 2023", "TIME 1963"):
        found, known = measured(data, name)
        print(f"\n{name}; recall@10 of the vector index {known:.3f}")
        for one in found:
            print(f"  {one.name:12} nDCG@10 {one.ndcg:.3f}  [{one.low:.3f}, {one.high:.3f}]")


if __name__ == "__main__":
    main()
