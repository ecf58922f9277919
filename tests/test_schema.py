"""Catalogues of older versions are led up: nothing that people put in is lost."""

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stories import OTHER, REPORT, Letters

from rag.catalogue import Known
from rag.errors import ArchiveError
from rag.mending import findings, rebuild
from rag.records import Article, Filters
from rag.schema import CATALOGUE, VERSION
from rag.store import Store

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE revisions (
    article_id TEXT NOT NULL, revision INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, url TEXT,
    source TEXT, authors TEXT NOT NULL, published_at INTEGER, modified_at INTEGER, language TEXT, description TEXT,
    origin TEXT, PRIMARY KEY (article_id, revision)
) WITHOUT ROWID;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL, digest TEXT NOT NULL, url TEXT, origin TEXT, source TEXT,
    published_at INTEGER, cluster TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX articles_digest ON articles (digest);
CREATE INDEX articles_url ON articles (url);
CREATE INDEX articles_origin ON articles (origin);
CREATE INDEX articles_cluster ON articles (cluster);
CREATE TABLE bands (band INTEGER NOT NULL, key BLOB NOT NULL, article_id TEXT NOT NULL,
    PRIMARY KEY (band, key, article_id)) WITHOUT ROWID;
CREATE INDEX bands_article ON bands (article_id);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, article_id TEXT NOT NULL, revision INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL
);
CREATE INDEX passages_article ON passages (article_id);
CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
PRAGMA user_version = 1;
"""
"""The tables of version 1."""

DAY = datetime(2024, 3, 5, tzinfo=UTC)
KEPT = [
    Article("harbour", "Harbour opens again", "The strike goes on.", "https://courier.example/h", "Courier", origin="/h"),
    Article("harbour", "Harbour opens again", REPORT, "https://courier.example/h", "Courier", ("A", "B"), DAY, DAY, "en", "Dues.", 2),
    Article("copy", "Ferry sails", "LINDMOUTH: " + REPORT, source="Herald", language="en"),
    Article("comet", "Comet seen", OTHER, origin="/news/comet.txt"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    db = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    db.executescript(FIRST)
    db.executemany("INSERT INTO meta VALUES (?, ?)", [("embedder", "letters"), ("generation", "7")])
    for one in KEPT:
        times = [time and int(time.timestamp()) for time in (one.published_at, one.modified_at)]
        row = (one.id, one.revision, one.title, one.text, one.url, one.source, json.dumps(one.authors), *times)
        db.execute(
            f"INSERT INTO revisions VALUES ({','.join('?' * 12)})", (*row, one.language, one.description, one.origin)
        )
        current = (one.id, one.revision, one.digest, one.url, one.origin, one.source, times[0], one.id)
        db.execute("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?,?,?,?)", current)
        db.execute(
            'INSERT INTO passages (id, article_id, revision, start, "end") VALUES (?,?,?,0,?)',
            (f"{one.id}#{one.revision}.0", one.id, one.revision, len(one.text)),
        )
        db.execute("INSERT INTO words (title, text) VALUES (?, ?)", (one.title, one.text))
        db.execute("INSERT INTO bands VALUES (0, ?, ?)", (one.id.encode() + bytes([one.revision]), one.id))
    db.commit()
    db.close()
    return tmp_path


def test_an_archive_of_the_first_version_says_to_reindex(folder: Path) -> None:
    for _ in range(2):
        store = Store(folder, Letters())
        with pytest.raises(ArchiveError, match=r"indexed by an older Groundwire\. Run: groundwire reindex"):
            store.check_embedder()
        store.close()


def test_every_article_and_revision_of_the_first_version_is_carried_over(folder: Path) -> None:
    store = Store(folder, Letters())
    assert store.catalogue.revisions("harbour") == KEPT[:2]
    assert [store.catalogue.article(id) for id in store.catalogue.ids()] == [KEPT[3], KEPT[2], KEPT[1]]
    assert store.catalogue.generation == 7
    assert store.catalogue.match(KEPT[1]) == Known("harbour", KEPT[1].revision, KEPT[1].digest)
    assert store.database.row("PRAGMA user_version") == (VERSION,)
    store.close()


def test_reindexed_it_is_searched_and_its_copies_are_known(folder: Path) -> None:
    store = Store(folder, Letters())
    assert rebuild(store) == 3
    store.check_embedder()
    assert findings(store) == []
    assert store.clusters.carriers("copy") == ("harbour", "copy")
    assert [hit.passage_id for hit in store.search("comet telescopes", 1, Filters())] == ["comet#1.0"]
    store.close()


def test_what_it_held_is_known_again_when_ingested_anew(folder: Path) -> None:
    store = Store(folder, Letters())
    rebuild(store)
    assert [store.take(one) for one in KEPT[1:]] == ["skipped"] * 3
    assert store.take(Article("copied", "Harbour opens again", REPORT, source="Hill Gazette")) == "added"
    assert store.clusters.carriers("copied") == ("harbour", "copied", "copy")
    store.close()


def test_a_step_up_that_fails_leaves_the_old_version(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {1: CATALOGUE.upgrades[1] + "INSERT INTO nowhere VALUES (1);"} | dict.fromkeys(range(2, VERSION), "")
    monkeypatch.setattr("rag.store.CATALOGUE", replace(CATALOGUE, upgrades=broken))
    with pytest.raises(ArchiveError, match="cannot be read or written"):
        Store(folder, Letters())
    monkeypatch.undo()
    store = Store(folder, Letters())
    assert store.catalogue.revisions("harbour") == KEPT[:2]
    store.close()
