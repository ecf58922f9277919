"""How well articles are found: nDCG@10 of word search, dense search and their fusion, and recall of the vector index.

    python benchmarks/retrieval.py --data FOLDER

FOLDER holds news_articles_2023, news_questions_2023, time_articles and time_queries as gzipped JSON lines.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rag.embedder import open_embedder
from rag.folder import check_folder
from rag.records import Article, Filters
from rag.retrieval import DEPTH, fuse, query_words
from rag.store import Store

Row = dict[str, Any]
Ranking = list[str]


def load(folder: Path, name: str) -> list[Row]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def ndcg(ranking: Sequence[str], relevant: set[str], k: int = 10) -> float:
    """Järvelin and Kekäläinen 2002, with relevance 0 or 1."""
    gain = sum(1 / math.log2(rank + 2) for rank, id in enumerate(ranking[:k]) if id in relevant)
    ideal = sum(1 / math.log2(rank + 2) for rank in range(min(k, len(relevant))))
    return gain / ideal if ideal else 0.0


def interval(values: Sequence[float], seed: int = 7) -> tuple[float, float]:
    draw = random.Random(seed)
    means = sorted(sum(draw.choices(values, k=len(values))) / len(values) for _ in range(2000))
    return means[50], means[1949]


def by_article(store: Store, keys: Sequence[str]) -> Ranking:
    hits = store.words.hits([(key, 0.0) for key in keys], Filters())
    return list(dict.fromkeys(hit.article_id for hit in hits))


def searches(store: Store) -> dict[str, Callable[[str], Ranking]]:
    def words(query: str) -> list[str]:
        found = store.words.search(query_words(query), limit=DEPTH, filters=Filters())
        return [id for id, _ in found]

    def dense(query: str) -> list[str]:
        return [id for id, _ in store.vectors.search(store.embedder.embed([query])[0], DEPTH)]

    return {
        "words": lambda query: by_article(store, words(query)),
        "dense": lambda query: by_article(store, dense(query)),
        "rank fusion": lambda query: by_article(store, [id for id, _ in fuse([dense(query), words(query)])]),
        "search as it is": lambda query: list(
            dict.fromkeys(hit.article_id for hit in store.search(query, DEPTH, Filters()))
        ),
    }


def index_recall(store: Store, queries: Sequence[str], k: int = 10) -> float:
    ids = store.words.keys()
    shares = []
    for query in queries:
        vector = store.embedder.embed([query])[0]
        exact = {id for id, _ in store.vectors.similarities(vector, ids)[:k]}
        shares.append(len(exact & {id for id, _ in store.vectors.search(vector, k)}) / k)
    return sum(shares) / len(shares)


def measure(name: str, articles: list[Row], queries: list[tuple[str, set[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_folder(Path(folder) / "archive", create=True)
        store = Store(Path(folder) / "archive", open_embedder(None))
        store.check_embedder()
        began = time.perf_counter()
        for row in articles:
            store.take(Article(id=row["id"], title=row.get("title", ""), text=row["text"]))
        passages = len(store.words.keys())
        print(f"\n{name}: {len(articles)} articles, {passages} passages in {time.perf_counter() - began:.0f} s")
        for label, search in searches(store).items():
            scores = [ndcg(search(query), relevant) for query, relevant in queries]
            low, high = interval(scores)
            print(f"  {label:16} nDCG@10 {sum(scores) / len(scores):.3f}  [{low:.3f}, {high:.3f}]  n={len(scores)}")
        print(f"  recall@10 of the vector index {index_recall(store, [query for query, _ in queries][:50]):.3f}")
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    news = [(row["question"], set(row["answer_string_in"])) for row in load(data, "news_questions_2023")]
    measure("news 2023", load(data, "news_articles_2023"), [pair for pair in news if pair[1]])
    time_queries = [(row["question"], set(row["relevant"])) for row in load(data, "time_queries")]
    measure("TIME 1963", load(data, "time_articles"), time_queries)


if __name__ == "__main__":
    main()
