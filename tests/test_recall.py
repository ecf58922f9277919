"""Recall of a real index of vectors, good and bad."""

from pathlib import Path

import numpy as np
import pytest

from rag import vectors
from rag.recall import recall
from rag.vectors import Vectors


def filled(folder: Path, count: int) -> tuple[Vectors, list[str]]:
    found = Vectors(folder / "vectors")
    rows = np.random.default_rng(7).normal(size=(count, 48)).astype(np.float32)
    ids = [f"{number:05}" for number in range(count)]
    if count:
        found.upsert(ids, rows / np.linalg.norm(rows, axis=1, keepdims=True))
    return found, ids


def test_the_index_as_it_is_made_finds_the_nearest(tmp_path: Path) -> None:
    assert recall(*filled(tmp_path, 3_000)) > 0.97


def test_an_index_with_too_few_links_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        vectors, "HNSW", {"space": "cosine", "ef_search": 10, "ef_construction": 10, "max_neighbors": 2}
    )
    assert recall(*filled(tmp_path, 3_000)) < 0.7


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_what_holds_few_vectors_finds_them_all(tmp_path: Path, count: int) -> None:
    assert recall(*filled(tmp_path, count)) == 1.0


def test_equal_vectors_stand_for_each_other(tmp_path: Path) -> None:
    found = Vectors(tmp_path / "vectors")
    ids = [f"{number:03}" for number in range(100)]
    found.upsert(ids, np.tile(np.eye(4, dtype=np.float32)[:1], (100, 1)))
    assert recall(found, ids) == 1.0
