"""How long a search takes at 100,000 passages, on one thread, as a multiple of embedding the question.

    python -m benchmarks.search_speed --data FOLDER [--passages N]

FOLDER holds news_articles_2023 and news_questions_2023 as gzipped JSON lines. The articles are taken in once and
then copied under other ids, days, outlets and languages, the vectors of each copy moved a little, so that the
indexes are as large and as wide as those of different articles. Embedding and searches with and without filters take
turns on each question, so that a machine that slows down slows all. Of the search each question's first time counts
as "new", where words have to be looked up; the others as "warm".
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.archives import filled, opened, seconds
from rag.models.reader.data import load
from rag.records import Article, Filters, Span
from rag.store import Store
from rag.word_index import content_key

MOVED = 0.4
"""Length of the random vector that is added to that of a copy, of length 1."""
OUTLETS, DAYS, BEGIN = 50, 1_000, datetime(2020, 1, 1, tzinfo=UTC)
LANGUAGES = ("en", "en", "en", "en", "en", "de", "fr", "es", "it", "ja")
TURNS = 3
AT_ONCE = 200
"""Articles written together."""


@dataclass(frozen=True, slots=True)
class Speed:
    """95th percentiles, as multiples of embedding or of the search without filters."""

    passages: int
    new: float
    warm: float
    filtered: dict[str, tuple[float, float]]
    """Of each filter the share of articles it admits, and its time against the unfiltered search, warm."""


def copied(folder: Path, original: Store, passages: int) -> Store:
    """An archive of that many passages and more, of one archive's articles over and over."""
    store = opened(folder)
    draw = np.random.default_rng(7)
    ids = original.catalogue.ids()
    copy = 0
    with store.writing():
        while store.words.count() < passages:
            for start in range(0, len(ids), AT_ONCE):
                _copy(store, original, ids[start : start + AT_ONCE], copy, draw)
            copy += 1
        with store.database.transaction():
            store.catalogue.next_generation()
    return store


def _copy(store: Store, original: Store, ids: Sequence[str], copy: int, draw: np.random.Generator) -> None:
    vectors: dict[str, np.ndarray] = {}
    with store.database.transaction():
        for id in ids:
            source = original.catalogue.article(id)
            hits = original.words.passages(id)
            own, stored = original.vectors.of([content_key(source.title, hit.text) for hit in hits])
            known = dict(zip(own, stored, strict=True))
            article = _dressed(source, copy, draw)
            keys = [content_key(article.title, hit.text) for hit in hits]
            store.catalogue.put(article)
            store.words.add(article, [Span(hit.start, hit.end) for hit in hits], keys)
            for key, hit in zip(keys, hits, strict=True):
                vectors[key] = _moved(known[content_key(source.title, hit.text)], copy, draw)
    store.vectors.upsert(list(vectors), np.stack(list(vectors.values())))


def _dressed(article: Article, copy: int, draw: np.random.Generator) -> Article:
    return Article(
        id=f"{article.id}-{copy}",
        title=f"{article.title} ({copy})" if copy else article.title,
        text=article.text,
        source=f"Outlet {int(draw.zipf(1.5)) % OUTLETS}",
        published_at=BEGIN + timedelta(hours=int(draw.integers(24 * DAYS))),
        language=LANGUAGES[int(draw.integers(len(LANGUAGES)))],
    )


def _moved(vector: np.ndarray, copy: int, draw: np.random.Generator) -> np.ndarray:
    if not copy:
        return vector
    moved = vector + draw.normal(0, MOVED / len(vector) ** 0.5, len(vector)).astype(np.float32)
    return moved / np.linalg.norm(moved)


def filters(store: Store) -> dict[str, Filters]:
    """Each kind of filter, wide and narrow."""

    def since(days: int) -> datetime:
        return BEGIN + timedelta(days=days)

    ids = store.catalogue.ids()
    return {
        "period, most": Filters(since=since(100)),
        "period, half": Filters(since=since(500)),
        "period, a tenth": Filters(since=since(450), until=since(550)),
        "period, ten days": Filters(since=since(500), until=since(510)),
        "outlet, large": Filters(source="Outlet 1"),
        "outlet, small": Filters(source="Outlet 7"),
        "language, half": Filters(language="en"),
        "language, a tenth": Filters(language="ja"),
        "articles, half": Filters(article_ids=tuple(ids[::2])),
        "articles, one in 100": Filters(article_ids=tuple(ids[::100])),
    }


def measured(store: Store, questions: Sequence[str]) -> Speed:
    def search(question: str, chosen: Filters) -> None:
        store.search(question, 10, chosen)

    def p95(values: Sequence[np.ndarray]) -> float:
        return float(np.percentile(np.concatenate(values), 95))

    kinds = filters(store)
    search(questions[0], Filters())
    new, embedding, plain = [], [], []
    spent: dict[str, list[np.ndarray]] = {name: [] for name in kinds}
    for question in questions[1:]:
        embedding.append(seconds(lambda text: store.embedder.embed([text]), [question]))
        new.append(seconds(lambda text: search(text, Filters()), [question]))
    for chosen in kinds.values():
        search(questions[0], chosen)
    for _ in range(TURNS):
        for question in questions:
            plain.append(seconds(lambda text: search(text, Filters()), [question]))
            embedding.append(seconds(lambda text: store.embedder.embed([text]), [question]))
            for name, chosen in kinds.items():
                spent[name].append(seconds(lambda text, chosen=chosen: search(text, chosen), [question]))
    one = p95(embedding)
    admitted = {name: len(store.words.admitted(chosen)) / store.catalogue.count() for name, chosen in kinds.items()}
    return Speed(
        store.words.count(),
        p95(new) / one,
        p95(plain) / one,
        {name: (admitted[name], p95(spent[name]) / p95(plain)) for name in kinds},
    )


def run(data: Path, passages: int) -> Speed:
    questions = [row["question"] for row in load(data, "news_questions_2023")]
    with tempfile.TemporaryDirectory() as folder:
        original = filled(Path(folder) / "original", load(data, "news_articles_2023"))
        store = copied(Path(folder) / "copied", original, passages)
        original.close()
        found = measured(store, questions)
        store.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    options = parser.parse_args()
    speed = run(options.data, options.passages)
    print(f"{speed.passages} passages; 95th percentiles as multiples of embedding one question")
    print(f"  search, new questions   {speed.new:.1f}")
    print(f"  search, seen questions  {speed.warm:.1f}")
    print("against the same search without filters")
    for name, (share, ratio) in speed.filtered.items():
        print(f"  {name:22} admits {share:5.1%} of the articles  {ratio:.2f}")


if __name__ == "__main__":
    main()
