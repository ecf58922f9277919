"""The catalogue keeps articles, revisions and the word index in step."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.catalogue import VERSION, Catalogue
from rag.errors import ArchiveError, UnknownArticle
from rag.records import Article, Filters, Passage

KIM = Article(
    id="kim",
    title="Kim visits",
    text="Kim visited a plant. He saw jets.",
    url="https://courier.example/kim",
    source="Courier",
    authors=("A. Writer",),
    published_at=datetime(2023, 9, 15, 8, tzinfo=UTC),
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "catalogue.sqlite3")


def put(catalogue: Catalogue, article: Article) -> None:
    whole = Passage(f"{article.id}#{article.revision}.0", article.id, article.revision, 0, len(article.text))
    catalogue.put(article, [whole], [], article.id)


def found(catalogue: Catalogue, *words: str, filters: Filters | None = None) -> list[str]:
    return [id for id, _ in catalogue.search(words, limit=9, filters=filters or Filters())]


def test_an_article_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    assert catalogue.article("kim") == KIM


def test_words_are_found_in_other_forms_and_case(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    assert found(catalogue, "PLANTS") == found(catalogue, "visiting") == ["kim#1.0"]


def test_a_revision_takes_the_old_text_out_of_search_but_keeps_it(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    put(catalogue, Article(id="kim", title="Kim leaves", text="Kim left by train.", revision=2))
    assert found(catalogue, "jets") == []
    assert found(catalogue, "train") == ["kim#2.0"]
    assert catalogue.article("kim", 1).text == KIM.text


def test_a_removed_article_leaves_no_word_behind(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    catalogue.remove("kim")
    assert found(catalogue, "plant", "kim") == []
    assert catalogue.count() == 0
    assert catalogue.check() == []


def test_filters_are_inclusive_and_ignore_the_case_of_the_outlet(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    moment = KIM.published_at
    assert found(catalogue, "kim", filters=Filters(since=moment, until=moment, source="courier")) == ["kim#1.0"]
    assert found(catalogue, "kim", filters=Filters(source="Gazette")) == []
    assert found(catalogue, "kim", filters=Filters(known_at=datetime(2023, 9, 14, tzinfo=UTC))) == []


@pytest.mark.parametrize("word", ['"', "a OR b", "NEAR(", "*", "'; DROP TABLE articles; --", "\x00", "text:"])
def test_query_syntax_in_a_word_is_only_a_word(catalogue: Catalogue, word: str) -> None:
    put(catalogue, KIM)
    assert found(catalogue, word) == []
    assert catalogue.count() == 1


def test_a_failed_write_leaves_nothing_half_done(catalogue: Catalogue) -> None:
    put(catalogue, KIM)
    twice = [Passage("same", "kim", 2, 0, 3), Passage("same", "kim", 2, 3, 6)]
    with pytest.raises(sqlite3.IntegrityError):
        catalogue.put(Article(id="kim", title="", text="Kim left.", revision=2), twice, [], "kim")
    assert catalogue.article("kim") == KIM
    assert found(catalogue, "jets") == ["kim#1.0"]


def test_every_change_is_a_new_generation(catalogue: Catalogue) -> None:
    before = catalogue.generation
    put(catalogue, KIM)
    after = catalogue.generation
    catalogue.remove("kim")
    assert before < after < catalogue.generation


def test_an_unknown_article_is_named_with_what_to_do(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownArticle, match=r"No article 'xi'.*articles list"):
        catalogue.article("xi")


def test_a_catalogue_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as newer:
        newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(ArchiveError, match="newer Groundwire"):
        Catalogue(tmp_path / "catalogue.sqlite3")


@pytest.mark.parametrize("content", [b"not a database at all, only text" * 40, b"\x00\x01\x02" * 999])
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(content)
    with pytest.raises(ArchiveError, match="not a Groundwire catalogue"):
        Catalogue(tmp_path / "catalogue.sqlite3")
    assert (tmp_path / "catalogue.sqlite3").read_bytes() == content
