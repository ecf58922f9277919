"""Articles taken out come back as they were, all of them or none; meanwhile nothing of them is kept."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import OTHER, REPORT, Letters, jsonl, march, story

from rag.archive import Archive
from rag.catalogue import Catalogue
from rag.clusters import Clusters
from rag.errors import ArchiveError, UnknownArticle
from rag.folder import check_folder
from rag.records import Article, Citation
from rag.vectors import Vectors

WIRE = story(
    "wire", f"LINDMOUTH (Reuters) - {REPORT}", source="Reuters", published_at=march(2), url="https://w.example/1"
)
ARTICLES = [
    WIRE,
    story("copy", REPORT, source="Courier", published_at=march(1), canonical=WIRE.url),
    story("comet", "A comet is expected.", title="Comet to come", published_at=march(3)),
    story("comet", OTHER, title="Comet seen", published_at=march(4)),
    story("comet", f"{OTHER} It was blue.", title="Comet seen", published_at=march(5)),
    story("other", f"HILLS: {REPORT} More to follow.", title="Harbour opens once more", source="Herald"),
    story("stub", "Subscribe to read on.", title="Behind a wall", stub="paywall"),
    story("alone", "The orchard of Fernley bore plums. Nobody picked them.", title="Plums", language="en"),
]
IDS = sorted({one.id for one in ARTICLES})
QUERIES = ("harbour strike of Lindmouth", "blue comet telescopes", "plums", "subscribe")


def opened(folder: Path) -> Archive:
    check_folder(folder, create=True)
    return Archive(folder, model="extractive", embedder=Letters())


def fill(archive: Archive) -> None:
    for article in ARTICLES:
        archive._store.take(article)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Archive]:
    with opened(tmp_path / "small") as archive:
        yield archive


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("filled") / "archive") as archive:
        fill(archive)
        yield archive


def told(archive: Archive) -> list[Any]:
    """All that an archive says of its articles, but for the day's own numbers."""
    known = [
        (archive.revisions(one.id), archive.removed(one.id), archive.cluster(one.id), archive._store.register.read_at(one.id))
        for one in archive.articles()
    ]  # fmt: skip
    found = [
        [(hit.passage_id, hit.text, round(hit.score, 6)) for hit in archive.search(query, k=20)] for query in QUERIES
    ]
    return [known, found, archive.listing(limit=200), archive.overview(), archive.clusters()]


@settings(max_examples=25)
@given(st.permutations(IDS), st.integers(1, len(IDS)), st.booleans())
def test_what_was_taken_out_comes_back_as_it_was(filled: Archive, ids: list[str], count: int, apart: bool) -> None:
    before = told(filled)
    taken = [filled.take_out(id) for id in ids[:count]] if apart else [filled.take_out(*ids[:count])]
    assert sorted(one.id for one in filled.articles()) == sorted(ids[count:])
    for kept in reversed(taken):
        filled.restore(kept)
    assert told(filled) == before
    assert filled.doctor() == []


def test_every_revision_is_there_again_and_citations_of_it_stand(filled: Archive) -> None:
    one = filled.article("comet")
    citations = [
        Citation(1, "comet", old.revision, old.title, None, None, None, 0, 7, old.text[:7])
        for old in filled.revisions("comet")
    ]
    kept = filled.take_out("comet")
    assert {filled.standing(citation) for citation in citations} == {"source removed"}
    filled.restore(kept)
    assert [filled.standing(citation) for citation in citations] == ["revised", "revised", "current"]
    assert filled.article("comet") == one


def test_nothing_is_kept_of_what_was_taken_out_but_that_it_was_there(small: Archive) -> None:
    fill(small)
    small.take_out("comet")
    tables = ("articles", "revisions", "readings", "passages", "clusters", "bands", "contents", "gone")
    held = [name for name in tables if "comet" in str(list(small._store.database.rows(f"SELECT * FROM {name}")))]
    assert held == ["gone"]
    assert len(small._store.vectors) == small._store.words.count()


def test_restoring_twice_changes_nothing(filled: Archive) -> None:
    before = told(filled)
    kept = filled.take_out("copy", "comet")
    filled.restore(kept)
    generation = filled._store.catalogue.generation
    filled.restore(kept)
    filled.restore(())
    assert filled._store.catalogue.generation == generation
    assert told(filled) == before


def test_what_was_read_from_a_file_is_known_again_and_so_is_what_cleaning_took(
    small: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    jsonl(folder / "some.jsonl", *ARTICLES[:2])
    (folder / "plum.txt").write_text(
        "Plums\n\nThe orchard bore plums.\n\nSign up for our newsletter!\n\nThey are ripe."
    )
    small.ingest([folder])
    before = told(small)
    small.restore(small.take_out(*(one.id for one in small.articles())))
    assert told(small) == before
    report = small.ingest([folder], sync=True)
    assert (report.added, report.updated, report.removed, report.skipped) == (0, 0, 0, 3)


def test_an_article_that_came_back_with_other_words_is_left_alone(small: Archive) -> None:
    fill(small)
    kept = small.take_out("comet", "alone")
    small._store.take(story("comet", "No comet came.", title="No comet"))
    before = told(small)
    with pytest.raises(ArchiveError, match=r"'comet' has come back with other words since .* Remove it again first"):
        small.restore(kept)
    assert told(small) == before
    small.remove("comet")
    small.restore(kept)
    assert (len(small.revisions("comet")), small.article("alone").title) == (3, "Plums")


def test_an_article_that_came_back_under_another_id_is_left_alone(small: Archive) -> None:
    fill(small)
    kept = small.take_out("wire")
    small._store.take(replace(WIRE, id="again", text="The harbour is shut."))
    with pytest.raises(ArchiveError, match=r"'wire' has come back as 'again' since"):
        small.restore(kept)


def test_an_article_that_came_back_with_the_same_words_has_its_revisions_again(small: Archive) -> None:
    fill(small)
    before = small.revisions("comet")
    reports = list(small._store.database.rows("SELECT * FROM clusters"))
    kept = small.take_out("comet")
    small._store.take(replace(ARTICLES[4], revision=1))
    assert len(small.revisions("comet")) == 1
    small.restore(kept)
    assert small.revisions("comet") == before
    assert list(small._store.database.rows("SELECT * FROM clusters")) == reports
    assert small.doctor() == []


def test_a_copy_that_came_meanwhile_is_one_report_with_what_is_restored(small: Archive) -> None:
    small._store.take(story("first", published_at=march(1)))
    kept = small.take_out("first")
    small._store.take(story("second", published_at=march(2), source="Herald"))
    small.restore(kept)
    assert small.cluster("second").members == ("first", "second")
    assert small.cluster("second").original == "first"


def test_an_archive_rebuilt_meanwhile_takes_articles_back(small: Archive) -> None:
    from rag.mending import rebuild

    fill(small)
    kept = small.take_out("wire", "comet")
    rebuild(small._store)
    small.restore(kept)
    assert small.cluster("copy").members == ("wire", "copy", "other")
    assert small.doctor() == []


def test_none_is_taken_out_if_one_is_unknown(filled: Archive) -> None:
    with pytest.raises(UnknownArticle, match="'nothing'"):
        filled.take_out("comet", "nothing")
    assert filled.article("comet")


KILLS: list[tuple[type, str]] = [
    *((Vectors, "upsert"), (Catalogue, "put"), (Catalogue, "put_back")),
    *((Clusters, "join"), (Catalogue, "next_generation")),
]


@pytest.mark.parametrize(("owner", "name"), KILLS, ids=[name for _, name in KILLS])
def test_a_restore_that_is_killed_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    with opened(tmp_path / "archive") as archive:
        fill(archive)
        before, kept = told(archive), archive.take_out("comet", "copy")
        without = told(archive)
        monkeypatch.setattr(owner, name, _deadly(getattr(owner, name)))
        with suppress(KeyboardInterrupt):
            archive.restore(kept)
            pytest.fail("it was not killed")
        monkeypatch.undo()
    with opened(tmp_path / "archive") as archive:
        assert told(archive) == without
        archive.restore(kept)
        assert told(archive) == before
        assert archive.doctor() == []


def _deadly(method: Callable[..., Any]) -> Callable[..., Any]:
    def dies(*given: Any, **named: Any) -> Any:
        method(*given, **named)
        raise KeyboardInterrupt

    return dies


def test_another_process_finds_what_was_restored(tmp_path: Path) -> None:
    with opened(tmp_path / "archive") as one, opened(tmp_path / "archive") as other:
        fill(one)
        before = told(other)
        kept = one.take_out("comet", "alone")
        assert other.search("plums", k=20) != before[1][2]
        one.restore(kept)
        assert told(other) == before


def test_articles_of_one_address_that_were_there_together_come_back(small: Archive) -> None:
    both = [Article(id, f"Title {id}", f"The {id} text.", url=f"https://p.example/{id}") for id in ("a", "b")]
    for one in [*both, replace(both[1], url=both[0].url)]:
        small._store.take(one)
    small.restore(small.take_out("a"))
    assert [one.id for one in small.articles()] == ["a", "b"]
