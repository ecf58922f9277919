"""Articles made by hand, an embedder that can be worked out by hand, and files of articles."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.records import Article

REPORT = (
    "The harbour of Lindmouth opened again on Tuesday after twelve days. The strike had stopped 40 ships off the coast."
    " Mayor Ada Finch said the town had lost a fortune in harbour dues. Dockers will get more pay from May, and their"
    " union called the deal a fair one. The first ferry to the islands left the eastern quay before noon."
)
OTHER = (
    "A comet was seen over Brackwater on Sunday night by hundreds of people with telescopes. It will not return for"
    " nine hundred years, the observatory said. Children were allowed to stay up late."
)


class Letters:
    """Counts the words that begin with each letter."""

    name = "letters"
    dimensions = 27
    limit = 254

    def __init__(self) -> None:
        self.embedded: list[str] = []
        """Every text embedded so far."""

    def count(self, text: str) -> int:
        return len(self.offsets(text))

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\S+", text)]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[26] = 1
            for word in re.findall(r"[a-z]+", text.lower()):
                row[ord(word[0]) - ord("a")] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def march(day: int, hour: int = 8) -> datetime:
    return datetime(2024, 3, day, hour, tzinfo=UTC)


def story(id: str, text: str = REPORT, *, title: str = "Harbour opens again", **fields: object) -> Article:
    return Article(id=id, title=title, text=text, **fields)  # type: ignore[arg-type]


def jsonl(path: Path, *articles: Article) -> Path:
    """The articles as lines of a file."""
    rows = [
        {
            "id": one.id,
            "title": one.title,
            "text": one.text,
            "url": one.url,
            "canonical": one.canonical,
            "source": one.source,
            "published_at": one.published_at.isoformat() if one.published_at else None,
            "stub": one.stub,
        }
        for one in articles
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def letter(path: Path, name: str, text: str = "") -> Path:
    """A text file of one article of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"About {name}\n\n{text or f'The {name} was seen at the quay, and nowhere else in the town.'}")
    return path
