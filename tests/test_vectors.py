"""Vectors in a real Chroma: nearest first, seen again after another writer, and never silently stale."""

from pathlib import Path

import numpy as np
import pytest

from rag.vectors import Vectors

EAST, NORTH, BETWEEN = np.eye(2, dtype=np.float32)[0], np.eye(2, dtype=np.float32)[1], np.float32([0.6, 0.8])


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    return Vectors(tmp_path / "vectors")


def test_the_nearest_come_first_with_their_cosine(vectors: Vectors) -> None:
    vectors.upsert(["east", "north"], np.stack([EAST, NORTH]))
    found = vectors.search(BETWEEN, 5)
    assert [id for id, _ in found] == ["north", "east"]
    assert [score for _, score in found] == pytest.approx([0.8, 0.6], abs=1e-5)


def test_an_id_put_again_has_its_new_vector(vectors: Vectors) -> None:
    vectors.upsert(["a"], EAST[None])
    vectors.upsert(["a"], NORTH[None])
    assert vectors.search(NORTH, 1) == [("a", pytest.approx(1.0))]
    assert len(vectors) == 1


def test_deleting_takes_effect_and_ignores_the_unknown(vectors: Vectors) -> None:
    vectors.upsert(["a", "b"], np.stack([EAST, NORTH]))
    vectors.delete(["a", "never there"])
    assert [id for id, _ in vectors.search(EAST, 5)] == ["b"]


def test_an_empty_folder_finds_nothing(vectors: Vectors) -> None:
    assert vectors.search(EAST, 3) == []
    assert len(vectors.of(["a"])[1]) == 0
    assert list(vectors.ids()) == []


def test_vectors_come_back_under_their_ids_and_the_unknown_are_left_out(vectors: Vectors) -> None:
    vectors.upsert(["b", "a"], np.stack([EAST, NORTH]))
    stored, rows = vectors.of(["a", "x", "b"])
    assert {id: row.tolist() for id, row in zip(stored, rows, strict=True)} == {"a": [0, 1], "b": [1, 0]}


def test_reopening_shows_what_another_owner_of_the_folder_wrote(tmp_path: Path) -> None:
    reader, writer = Vectors(tmp_path / "vectors"), Vectors(tmp_path / "vectors")
    assert reader.search(EAST, 1) == []
    writer.upsert(["a"], EAST[None])
    writer.delete(["a"])
    writer.upsert(["b"], EAST[None])
    reader.reopen(tmp_path / "vectors")
    assert [id for id, _ in reader.search(EAST, 5)] == ["b"]
