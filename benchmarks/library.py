"""How long a page of the library takes at 100,000 articles, in milliseconds and against embedding one question.

    python -m benchmarks.library [--articles N] [--turns N] [--data FOLDER]

The articles are invented; with FOLDER, which holds news_articles_2023 as gzipped JSON lines, their titles and texts
are those of real ones, over and over. A few outlets have most of the articles and many have few; one in fifty has no
date; one report has 10,000 carriers. Every listing and the embedding take turns, so that a machine that slows down
slows all. Nothing is embedded but the question: no vector is read to list articles.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from rag.archive import Archive
from rag.embedder import open_embedder
from rag.folder import check_folder
from rag.models.reader.data import load
from rag.records import Article
from rag.store import Store

OUTLETS, MINUTES, BEGIN = 300, 2_000_000, datetime(2020, 1, 1, tzinfo=UTC)
LANGUAGES = ("en", "en", "en", "de", "fr", "ja")
CARRIED, UNDATED = 10_000, 50
"""Carriers of one report; one article in so many has no date."""
WORDS = """council harbour minister railway hospital strike election market storm court police budget school river
    bridge president talks deal union weather farm museum airport tax""".split()
QUESTION = "Why did the dockers of the harbour go on strike after the election?"
FILTERS: Mapping[str, dict[str, str]] = {
    "no filter": {},
    "a large outlet": {"source": "outlet 1"},
    "a small outlet": {"source": "outlet 277"},
    "a common language": {"language": "en"},
    "a rare language": {"language": "ja"},
    "a year": {"since": "2021-01-01", "until": "2021-12-31"},
    "a month, outlet, language": {
        "since": "2021-03-01",
        "until": "2021-03-31",
        "source": "outlet 1",
        "language": "en",
    },
}
QUERIES: Mapping[str, str | None] = {
    "no query": None,
    "one letter": "a",
    "a common word": "harbour",
    "three words": "harbour strike outlet",
    "a rare word": "9999",
    "no such word": "qqzz",
}
SORTS = ("newest", "oldest", "title", "outlet")
Name = tuple[str, ...]
"""Sort, filter, query and which page; of what is no listing one word."""
Timed = dict[Name, Callable[[], object]]


def articles(count: int, told: list[tuple[str, str]]) -> Iterator[Article]:
    """Invented articles, each with one of the titles and texts."""
    draw = np.random.default_rng(7)
    for number in range(count):
        title, text = told[number % len(told)]
        minutes = int(draw.integers(MINUTES))
        outlet = int(draw.pareto(0.7)) % OUTLETS
        yield Article(
            id=f"{int(draw.integers(2**62)):016x}",
            title=f"{title} ({number})",
            text=text,
            url=f"https://paper{outlet}.example/news/{number}",
            source=f"Outlet {outlet}",
            published_at=BEGIN + timedelta(minutes=minutes) if number % UNDATED else None,
            language=LANGUAGES[int(draw.integers(len(LANGUAGES)))],
        )


def invented() -> list[tuple[str, str]]:
    """Titles of eight words, and texts as long as those of real articles."""
    draw = np.random.default_rng(11)
    titles = [" ".join(draw.choice(WORDS, 8)).capitalize() for _ in range(5_000)]
    return [(title, f"{title}. {'It was said again at noon. ' * 110}") for title in titles]


def fill(folder: Path, count: int, told: list[tuple[str, str]]) -> None:
    """An archive of so many articles, without passages: no listing asks for them."""
    store = Store(folder, open_embedder(None))
    store.check_embedder()
    with store.writing(), store.database.transaction():
        for number, article in enumerate(articles(count, told)):
            store.catalogue.put(article)
            store.clusters.join(article, "carried" if number < CARRIED else article.id, (), own=False)
        store.catalogue.next_generation()
    store.close()


def listings(archive: Archive) -> Timed:
    """Every listing that is timed, by name."""
    timed: Timed = {}
    for (limits, limited), (words, query), sort in product(FILTERS.items(), QUERIES.items(), SORTS):
        chosen: dict[str, Any] = {"query": query, "sort": sort, **limited}
        timed[sort, limits, words, "first page"] = lambda chosen=chosen: archive.listing(**chosen)  # type: ignore[misc]
        last = archive.listing(limit=1, **chosen).total - 50
        if last > 1_000:
            deep = {"offset": last, **chosen}
            timed[sort, limits, words, "last page"] = lambda deep=deep: archive.listing(**deep)  # type: ignore[misc]
    return timed


def others(archive: Archive) -> Timed:
    """What the page asks besides."""
    return {
        ("overview",): archive.overview,
        ("outlets",): archive.outlets,
        ("languages",): archive.languages,
        ("the newest 200, with texts",): lambda: archive.newest(200),
    }


def measured(timed: Timed, turns: int) -> dict[Name, np.ndarray]:
    """Milliseconds of each act, all taking turns after one that warms up."""
    spent: dict[Name, list[float]] = {name: [] for name in timed}
    for turn in range(turns + 1):
        for name, act in timed.items():
            began = time.perf_counter()
            act()
            if turn:
                spent[name].append((time.perf_counter() - began) * 1_000)
    return {name: np.array(values) for name, values in spent.items()}


def told(spent: Mapping[Name, np.ndarray], one: float) -> None:
    """A line for each kind of listing, and the slowest of all."""
    print(f"{'':34} listings   p50 ms   p95 ms   p50 / p95 against embedding")
    for kind in (*SORTS, *FILTERS, *QUERIES, "first page", "last page"):
        some = [values for name, values in spent.items() if kind in name]
        p50, p95 = np.percentile(np.concatenate(some), (50, 95))
        print(f"{kind:34} {len(some):8} {p50:8.1f} {p95:8.1f}   {p50 / one:6.1f} {p95 / one:6.1f}")
    middles = {", ".join(name): float(np.median(values)) for name, values in spent.items()}
    whole = np.array(list(middles.values()))
    print(
        f"each listing by its median: p50 {np.median(whole):.1f} ms, p95 {np.percentile(whole, 95):.1f} ms,", end=" "
    )
    print(f"{np.mean(whole < 10):.0%} under 10 ms, {np.mean(whole < 50):.0%} under 50 ms")
    for name in sorted(middles, key=lambda name: -middles[name])[:8]:
        print(f"  slowest: {middles[name]:6.1f} ms {middles[name] / one:6.1f}  {name}")


def run(folder: Path, count: int, turns: int, data: Path | None) -> None:
    rows = load(data, "news_articles_2023") if data else []
    fill(folder, count, [(row.get("title") or "", row["text"]) for row in rows] or invented())
    embedder = open_embedder(None)
    with Archive.open(folder) as archive:
        acts = listings(archive)
        spent = measured({**acts, **others(archive), ("embedding",): lambda: embedder.embed([QUESTION])}, turns)
        began = time.perf_counter()
        number = len(archive.articles())
        whole = (time.perf_counter() - began) * 1_000
    one = float(np.median(spent.pop(("embedding",))))
    print(f"{number:,} articles; embedding one question takes {one:.1f} ms (median)")
    told({name: spent[name] for name in acts}, one)
    for name, values in spent.items():
        if name not in acts:
            print(f"{name[0]:34} p50 {np.median(values):6.1f} ms, p95 {np.percentile(values, 95):6.1f} ms")
    print(f"reading all articles, for comparison: {whole:,.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="groundwire-library-") as folder:
        check_folder(Path(folder) / "archive", create=True)
        run(Path(folder) / "archive", options.articles, options.turns, options.data)


if __name__ == "__main__":
    main()
