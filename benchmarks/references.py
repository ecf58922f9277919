"""Articles with reference summaries: sentences of each article that people took for its summary, in another order."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.copies import near, shingles
from rag.models.reader.data import load
from rag.records import Article

HALVES = ("tuning", "held-out", "both")
_STOP = re.compile(r"[.?!][\"')]*(?=\S)")
_BESIDE = 6
"""Characters on each side of a full stop that show whether the article has the two sentences side by side."""


@dataclass(frozen=True, slots=True)
class Referred:
    """An article and its reference summary."""

    article: Article
    reference: tuple[str, ...]
    """In sentences."""

    @property
    def words(self) -> int:
        """Length of the reference."""
        return sum(len(sentence.split()) for sentence in self.reference)


def referred(data: Path, half: str = "both", limit: int | None = None) -> list[Referred]:
    """The articles of bbc_tech in one half, by the hash of their ids; of near-copies the first only."""
    seen: list[frozenset[str]] = []
    found = []
    for row in load(data, "bbc_tech"):
        own = shingles(row["text"])
        if not any(near(own, other) for other in seen) and half in ("both", _half(row["id"])):
            article = Article(id=row["id"], title=row["title"], text=row["text"], language="en")
            found.append(Referred(article, tuple(sentences_of(row["summary_extractive"], row["text"]))))
        seen.append(own)
    return found[:limit]


def _half(id: str) -> str:
    return HALVES[hashlib.sha256(id.encode()).digest()[0] % 2]


def sentences_of(summary: str, text: str) -> Iterator[str]:
    """The reference's sentences, which follow without a blank: cut where the article reads on in another way."""
    start = 0
    for stop in _STOP.finditer(summary):
        if summary[max(start, stop.start() - _BESIDE) : stop.end() + _BESIDE] not in text:
            end = stop.end() if summary[start : stop.end()].strip() in text else stop.start() + 1
            yield summary[start:end].strip()
            start = end
    if rest := summary[start:].strip():
        yield rest
