"""Archives of real articles to measure on, filled as the product fills them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from rag.embedder import open_embedder
from rag.folder import check_folder
from rag.intake.readings import Reading
from rag.models.reader.data import Row
from rag.records import Article
from rag.store import Store

ABREAST = 40
"""Articles taken in at once."""


def opened(folder: Path) -> Store:
    """An empty archive."""
    check_folder(folder, create=True)
    store = Store(folder, open_embedder(None))
    store.check_embedder()
    return store


def filled(folder: Path, rows: Sequence[Row]) -> Store:
    """An archive of the rows' articles."""
    store = opened(folder)
    for start in range(0, len(rows), ABREAST):
        articles = [
            Article(id=row["id"], title=row.get("title") or "", text=row["text"])
            for row in rows[start : start + ABREAST]
        ]
        read = [Reading(one, one.id, f"article:{one.id}", one.digest.encode()) for one in articles]
        prepared = [store.prepare(reading) for reading in read]
        store.write(prepared, store.embed(prepared), run=0)
    return store


def seconds(act: Callable[[str], object], texts: Iterable[str]) -> np.ndarray:
    """How long ``act`` takes on each of the texts."""
    spent = []
    for text in texts:
        began = time.perf_counter()
        act(text)
        spent.append(time.perf_counter() - began)
    return np.array(spent)
