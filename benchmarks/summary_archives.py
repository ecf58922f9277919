"""Summaries of every form over whole archives: exact and checked, readable at their openings, and how soon."""

from __future__ import annotations

import json
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from eval.suite import seeds
from rag import Archive
from rag.embedder import bundled_embedder
from rag.models.reader.data import Row, load
from rag.records import Citation
from rag.summary import STYLES, Style, Summary

CORPORA = ("seeds", "bbc_tech", "news_articles_2023")
OF_ONE: tuple[Style, ...] = ("paragraph", "bullets", "headline", "timeline")
"""Forms that one article has."""
READ = 100
"""Openings gone through, and articles timed."""
_COLUMNS = (("summaries", 10), ("sentences", 10), ("exact", 7), ("supported", 10), ("set aside", 10))
_POINTING = re.compile(
    r"[\"'“‘]?(?:(?:and|but|so|or|yet|still|then|also|however|meanwhile|instead|later|earlier|afterwards),? )?"
    r"(?:he|she|it|they|his|her|its|their|him|them|this|that|these|those|such|there|here|both|neither|another|others?"
    r"|the (?:former|latter|pair|two|trio|move|decision|announcement|deal|plan|report|figures?|same|news|company|firm"
    r"|group|study|law|bill|ruling|measure|statement|incident|suspect|victim|man|woman))\b"
    r"|(?:and|but|so|or|yet|then|also|however|meanwhile|instead|later|earlier|afterwards|in addition|as a result)\b",
    re.IGNORECASE,
)


def exact(data: Path, limit: int | None) -> None:
    """Print how many sentences of each form cite exactly and are supported, corpus by corpus."""
    print(f"{'corpus':20}{'form':13}" + "".join(f"{name:>{width}}" for name, width in _COLUMNS))
    for corpus in CORPORA:
        with archive_of(corpus, data, limit) as archive:
            ids = [article.id for article in archive.articles()]
            for style in STYLES:
                counts = Counter[str]()
                if style in OF_ONE:
                    for id in ids:
                        counts += _counted(archive, archive.summarize([id], style=style))
                counts += _counted(archive, archive.summarize(style=style))
                columns = (f"{counts[name]:{width}}" for name, width in _COLUMNS)
                print(f"{corpus:20}{style:13}" + "".join(columns), flush=True)


def openings(data: Path, limit: int | None) -> None:
    """Print the summary sentences that begin with a word that may point to what is not there."""
    for corpus in CORPORA:
        with archive_of(corpus, data, limit or READ) as archive:
            told = [
                statement.text
                for article in archive.articles()
                for statement in archive.summarize([article.id]).statements
            ]
        pointing = [sentence for sentence in told if _POINTING.match(sentence)]
        print(f"{corpus}: {len(pointing)} of {len(told)} sentences begin with a word that may point back")
        for sentence in pointing[:READ]:
            print(f"  {sentence[:150]}")


def speed(data: Path, limit: int | None) -> None:
    """Print how long a summary of an article and a digest of all take, beside embedding one question."""
    with archive_of("news_articles_2023", data, limit) as archive:
        articles = archive.articles()
        archive.summarize([articles[0].id])
        question = [_seconds(lambda: bundled_embedder().embed(["Who won the vote in Texas?"])) for _ in range(READ)]
        single = [_seconds(partial(archive.summarize, [one.id])) for one in articles[:READ]]
        unit, middle, slow = np.median(question), np.median(single), np.quantile(single, 0.95)
        print(f"embedding a question: {unit * 1000:.1f} ms")
        print(f"summary of an article: p50 {middle * 1000:.1f} ms, p95 {slow * 1000:.1f} ms")
        print(f"  p50 in embeddings of a question: {middle / unit:.0f}")
        before = _peak()
        print(f"digest of {len(articles)} articles: {_seconds(lambda: archive.summarize(style='digest')):.1f} s")
        print(f"  peak memory: {before:.0f} MB before, {_peak():.0f} MB after")


@contextmanager
def archive_of(corpus: str, data: Path, limit: int | None) -> Iterator[Archive]:
    """A passing archive of a corpus."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", model="extractive") as archive,
    ):
        source = Path(folder) / "articles.jsonl"
        if corpus != "seeds":
            rows = [json.dumps(_record(row)) for row in load(data, corpus)[:limit]]
            source.write_text("\n".join(rows), encoding="utf-8")
        archive.ingest([str(seeds() if corpus == "seeds" else source)])
        yield archive


def _record(row: Row) -> dict[str, object]:
    url = row.get("url")
    named = {name: row[name] for name in ("id", "title", "text", "url", "authors") if row.get(name)}
    return named | {"published_at": row.get("date"), "source": urlsplit(url).hostname if url else None}


def _counted(archive: Archive, summary: Summary) -> Counter[str]:
    exact = {one.number for one in summary.citations if _stands(archive, one)}
    cited = [bool(one.citations) and exact.issuperset(one.citations) for one in summary.statements]
    return Counter(
        {
            "summaries": 1,
            "sentences": len(summary.statements),
            "exact": sum(cited),
            "supported": sum(one.verdict == "supported" for one in summary.statements),
            "set aside": len(summary.rejected),
        }
    )


def _stands(archive: Archive, citation: Citation) -> bool:
    text = archive.article(citation.article_id, citation.revision).text
    return text[citation.start : citation.end] == citation.quote


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _peak() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
