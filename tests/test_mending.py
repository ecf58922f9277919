"""Vectors brought in step with the catalogue, and both indexes built anew, swapped only when whole."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from stories import OTHER, REPORT, Letters, march, story

from rag import mending
from rag.errors import ArchiveError, ModelError
from rag.mending import findings, mend, rebuild, repair
from rag.records import Filters
from rag.store import Store

HARBOUR = story("harbour", published_at=march(5))
COPY = story("copy", "LINDMOUTH: " + REPORT, published_at=march(6))
COMET = story("comet", OTHER, title="Comet seen")
STUB = story("stub", "Subscribe to read on.", stub="paywall")


class Capitals(Letters):
    """Another embedder, which gives out after so many texts."""

    name = "capitals"

    def __init__(self, texts: int = 999) -> None:
        super().__init__()
        self.texts = texts

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if len(self.embedded) + len(texts) > self.texts:
            raise ModelError("The provider gave out.")
        return super().embed(texts)[:, ::-1]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, Letters())
    store.check_embedder()
    for article in (HARBOUR, COPY, COMET, STUB):
        store.take(article)
    yield store
    store.close()


def found(store: Store) -> list[str]:
    return [hit.passage_id for hit in store.search("comet telescopes", 9, Filters())]


def test_a_sound_archive_has_no_findings(store: Store) -> None:
    assert findings(store) == []


def test_missing_vectors_are_embedded_as_they_were(store: Store) -> None:
    texts = sorted(store.embedder.embedded)
    store.embedder.embedded.clear()
    store.vectors.delete(list(store.vectors.ids()))
    assert findings(store) == ["3 passages have no vector; 'groundwire doctor --repair' mends that"]
    mend(store)
    assert findings(store) == []
    assert sorted(store.embedder.embedded) == texts


def test_an_index_that_loses_the_nearest_passages_is_a_finding(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mending, "recall", lambda vectors, ids: 0.5)
    assert findings(store) == [
        "only 0.50 of the nearest passages are found, not 0.95; 'groundwire reindex' mends that"
    ]
    repair(store)  # leaves it alone: all articles would have to be embedded anew


def test_vectors_left_over_are_deleted(store: Store) -> None:
    store.vectors.upsert(["gone", "away"], store.embedder.embed(["x", "y"]))
    assert findings(store) == ["2 vectors have no passage; 'groundwire doctor --repair' mends that"]
    mend(store)
    assert findings(store) == []


def test_where_the_numbers_are_equal_only_the_repair_looks_further(store: Store) -> None:
    store.vectors.delete([next(iter(store.vectors.ids()))])
    store.vectors.upsert(["gone"], store.embedder.embed(["x"]))
    mend(store)
    assert len(findings(store)) == 2
    repair(store)
    assert findings(store) == []


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO words (words) VALUES ('delete-all')",
        "DELETE FROM passages WHERE article_id = 'comet'",
        "DELETE FROM contents",
        "DELETE FROM clusters",
    ],
)
def test_what_is_derived_is_repaired_from_the_articles(store: Store, damage: str) -> None:
    before = found(store)
    with store.database.transaction():
        store.database.write(damage)
    assert findings(store) != []
    repair(store)
    assert findings(store) == []
    assert found(store) == before
    assert store.clusters.carriers("copy") == ("harbour", "copy")


def test_rebuilt_with_another_embedder_the_archive_is_that_ones(store: Store, tmp_path: Path) -> None:
    before = found(store)
    other = Store(tmp_path, Capitals())
    assert rebuild(other) == 4
    other.check_embedder()
    assert found(other) == before
    assert findings(other) == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["vectors-5"]
    other.close()
    with pytest.raises(ArchiveError, match="built with the embedder 'capitals'"):
        store.search("comet", 1, Filters())


def test_a_stub_stays_out_when_all_is_built_anew(store: Store) -> None:
    rebuild(store)
    assert store.words.passages("stub") == []
    assert store.clusters.of("stub").members == ("stub",)


def test_a_rebuild_that_fails_half_way_leaves_the_old_indexes(store: Store, tmp_path: Path) -> None:
    before = found(store)
    other = Store(tmp_path, Capitals(texts=1))
    with pytest.raises(ModelError, match="gave out"):
        rebuild(other)
    other.close()
    assert store.database.meta("embedder") == "letters"
    assert found(store) == before
    assert findings(store) == []
    assert rebuild(store) == 4
    assert findings(store) == []


def test_who_has_the_archive_open_sees_it_rebuilt(store: Store, tmp_path: Path) -> None:
    before = found(store)
    reader = Store(tmp_path, Letters())
    assert found(reader) == before
    rebuild(store)
    store.take(replace(COMET, text="The comet is gone, and so are the telescopes.", published_at=march(9)))
    assert found(reader)[0] == "comet#2.0"
    assert findings(reader) == []
    reader.close()
