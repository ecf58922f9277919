"""Articles as a suite keeps them: one a line, so that they are read back with the same id and the same text."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rag.intake import sources
from rag.intake.readings import FIELDS, Reading
from rag.records import Article

NAME = "articles.jsonl"
_KEPT = (*FIELDS, "canonical", "stub")


def lines(articles: Sequence[Article]) -> str:
    """The articles as JSON Lines that ingest reads."""
    return "".join(f"{json.dumps(_row(article), ensure_ascii=False)}\n" for article in articles)


def kept_whole(articles: Sequence[Article]) -> list[Article]:
    """Those that are read back word for word; cleaning may take more out of a text it has cleaned."""
    with tempfile.TemporaryDirectory(prefix="groundwire-drafts-") as folder:
        file = Path(folder) / NAME
        file.write_text(lines(articles), encoding="utf-8", newline="\n")
        read = [one.article for one in sources.read(file) if isinstance(one, Reading)]
    again = {article.id: article for article in read}
    return [one for one in articles if one.id in again and _same(one, again[one.id])]


def _same(one: Article, other: Article) -> bool:
    return (one.text, one.title, one.published_at, one.stub) == (
        other.text,
        other.title,
        other.published_at,
        other.stub,
    )


def _row(article: Article) -> dict[str, object]:
    row = {name: getattr(article, name) for name in _KEPT}
    for name in ("published_at", "modified_at"):
        row[name] = row[name] and row[name].isoformat()
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items() if value}
