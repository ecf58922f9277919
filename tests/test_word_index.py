"""Passages and their words: found while an article has them, shared by equal ones, and gone with the last."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.catalogue import Catalogue
from rag.database import Database
from rag.records import Article, Filters, Span
from rag.retrieval import query_words
from rag.schema import CATALOGUE
from rag.word_index import WordIndex, content_key

KIM = Article(
    id="kim",
    title="Kim visits",
    text="Kim visited a plant. He saw jets.",
    source="Courier",
    published_at=datetime(2023, 9, 15, 8, tzinfo=UTC),
)
WHOLE = content_key(KIM.title, KIM.text)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[WordIndex]:
    database = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    yield WordIndex(database)
    database.close()


def put(index: WordIndex, article: Article, *spans: Span) -> None:
    """The article as its next revision, in one passage where no spans are given."""
    spans = spans or (Span(0, len(article.text)),)
    with index._db.transaction():
        index.drop(article.id)
        Catalogue(index._db).put(article)
        index.add(article, spans, [content_key(article.title, article.text[one.start : one.end]) for one in spans])


def remove(index: WordIndex, id: str) -> list[str]:
    with index._db.transaction():
        dropped = index.drop(id)
        Catalogue(index._db).remove(id)
    return dropped


def found(index: WordIndex, *words: str) -> list[str]:
    """Keys of the contents that hold one of the words."""
    numbers = {number for one in index.occurrences(words) for number in one.tolist()}
    return list(index.keys_of(np.array(sorted(numbers), dtype=np.int64)).values())


def test_words_are_found_in_other_forms_and_case_and_in_the_title(index: WordIndex) -> None:
    put(index, KIM)
    assert found(index, "PLANTS") == found(index, "visiting") == found(index, "visits") == [WHOLE]


def test_a_hit_has_the_passages_own_words(index: WordIndex) -> None:
    put(index, KIM, Span(0, 20), Span(21, 33))
    (hit,) = index.hits([(key, 1.0) for key in found(index, "jets")], Filters())
    assert (hit.passage_id, hit.text, hit.start, hit.end) == ("kim#1.1", "He saw jets.", 21, 33)


def test_a_word_is_counted_in_the_title_and_in_every_form(index: WordIndex) -> None:
    put(index, KIM)
    put(index, Article("xi", "Xi", "A train left."))
    counts = [len(numbers) for numbers in index.occurrences(["visit", "KIM", "o'brien", "left a", ""])]
    assert counts == [2, 2, 0, 0, 0]


def test_a_revision_takes_the_old_words_out_of_search(index: WordIndex) -> None:
    put(index, KIM)
    put(index, Article(id="kim", title="Kim leaves", text="Kim left by train.", revision=2))
    assert found(index, "jets") == found(index, "visits") == []
    assert [hit.passage_id for hit in index.passages("kim")] == ["kim#2.0"]
    assert index.check() == []


def test_a_removed_article_leaves_no_word_behind(index: WordIndex) -> None:
    put(index, KIM)
    assert remove(index, "kim") == [WHOLE]
    assert found(index, "plant", "kim") == []
    assert (index.count(), index.frequency("kim")) == (0, 0)
    assert index.check() == []


def test_equal_passages_are_one_until_the_last_article_that_has_them_is_gone(index: WordIndex) -> None:
    put(index, KIM)
    put(index, Article("copy", KIM.title, KIM.text, source="Gazette"))
    assert (index.count(), index.frequency("jets")) == (1, 1)
    assert remove(index, "kim") == []
    assert [hit.article_id for hit in index.hits([(WHOLE, 1.0)], Filters())] == ["copy"]
    assert remove(index, "copy") == [WHOLE]
    assert found(index, "jets") == []


def test_equal_words_under_another_title_are_another_content(index: WordIndex) -> None:
    put(index, KIM)
    put(index, Article("copy", "A guest", KIM.text))
    assert index.count() == 2
    assert index.known([WHOLE, content_key("A guest", KIM.text), "none"]) == {WHOLE, content_key("A guest", KIM.text)}


def test_a_sentence_twice_in_one_article_is_one_content_and_two_passages(index: WordIndex) -> None:
    put(index, Article("kim", "Kim visits", "No. No."), Span(0, 3), Span(4, 7))
    assert index.count() == 1
    assert [hit.start for hit in index.passages("kim")] == [0, 4]
    assert remove(index, "kim") == [content_key("Kim visits", "No.")]
    assert index.check() == []


def test_a_shared_passage_is_shown_in_the_article_that_the_filters_admit(index: WordIndex) -> None:
    put(index, KIM)
    put(index, Article("copy", KIM.title, KIM.text, source="Gazette"))
    filters = Filters(source="gazette")
    assert index.admitted(filters) == ["copy"]
    assert [hit.article_id for hit in index.hits([(WHOLE, 1.0)], filters)] == ["copy"]
    assert [hit.article_id for hit in index.hits([(WHOLE, 1.0)], Filters())] == ["kim"]
    assert index.hits([(WHOLE, 1.0)], Filters(source="Herald")) == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("北京大学今天宣布了新的校长。", "北京大学"),
        ("昨日、東京で大雪が降った。", "東京の大雪"),
        ("ガソリン価格が上がった。", "ガソリン"),
        ("นายกรัฐมนตรีเดินทางถึงกรุงเทพ", "กรุงเทพ"),
        ("서울에서 선거가 열렸다.", "서울 선거"),
        ("В Москве прошёл Йошкар-Олинский форум.", "ЙОШКАР форум"),
        ("وصل أحمد إلى القاهرة", "احمد القاهرة"),
        ("Le président s'est rendu à Nîmes.", "Nimes president"),
        ("Žďár nad Sázavou slaví", "zdar slavi"),
    ],
)
def test_words_are_found_in_any_script(index: WordIndex, text: str, query: str) -> None:
    put(index, Article("one", "", text))
    put(index, Article("two", "Comet", "A comet was seen."))
    assert found(index, *query_words(query)) == [content_key("", text)]
    remove(index, "one")
    assert found(index, *query_words(query)) == []
    assert index.check() == []


def test_letters_of_a_script_without_spaces_are_found_in_their_order_only(index: WordIndex) -> None:
    put(index, Article("one", "", "学大京北"))
    assert found(index, *query_words("北京大学")) == []


@pytest.mark.parametrize("word", ['"', "a OR b", "NEAR(", "*", "'; DROP TABLE articles; --", "\x00", "text:"])
def test_query_syntax_in_a_word_is_only_a_word(index: WordIndex, word: str) -> None:
    put(index, KIM)
    assert found(index, word) == []
    assert index.count() == 1


def test_a_failed_write_leaves_nothing_half_done(index: WordIndex) -> None:
    put(index, KIM)
    with pytest.raises(sqlite3.IntegrityError):
        put(index, Article("kim", "Kim leaves", "Kim left."))  # no new revision
    assert found(index, "jets") == [WHOLE]
    assert index.check() == []


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("DELETE FROM articles", "1 passages are of no current article"),
        ("DELETE FROM passages", "1 articles have no passage"),
        ("INSERT INTO words (words) VALUES ('delete-all')", "1 passages are not in the word index"),
        (
            "INSERT INTO words (rowid, title, text) VALUES (9, 'a', 'b')",
            "1 entries of the word index have no passage",
        ),
        ("DELETE FROM contents", "1 passages have no content"),
    ],
)
def test_what_does_not_fit_together_is_found(index: WordIndex, damage: str, finding: str) -> None:
    put(index, KIM)
    with index._db.transaction():
        index._db.write(damage)
    assert any(line.startswith(finding) and "reindex" in line for line in index.check())


SENTENCES = ("Ants build.", "Bees hum.", "Cats purr.", "Dogs bark.", "Ants hum.")
PUT = st.tuples(
    st.sampled_from("xyz"), st.sampled_from(["Zoo", "Farm"]), st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4)
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(PUT | st.sampled_from("xyz"), max_size=12))
def test_after_any_puts_and_drops_search_finds_exactly_what_is_there(steps: list) -> None:
    index = WordIndex(Database(Path(":memory:"), CATALOGUE))
    there: dict[str, set[tuple[str, str]]] = {}
    revisions = dict.fromkeys("xyz", 0)
    for step in steps:
        if isinstance(step, tuple):
            id, title, sentences = step
            revisions[id] += 1
            starts = [sum(len(one) for one in sentences[:at]) for at in range(len(sentences))]
            spans = [Span(start, start + len(one)) for start, one in zip(starts, sentences, strict=True)]
            put(index, Article(id, title, "".join(sentences), revision=revisions[id]), *spans)
            there[id] = {(title, one) for one in sentences}
        elif step in there:
            alone = there.pop(step) - set().union(*there.values())
            assert set(remove(index, step)) == {content_key(*one) for one in alone}
            revisions[step] = 0
        held = set().union(*there.values())
        assert index.check() == []
        assert set(index.keys()) == {content_key(*one) for one in held}
        for word in ("ants", "bees", "cats", "hum", "zoo", "farm"):
            wanted = {content_key(*one) for one in held if word in " ".join(one).lower()}
            assert set(found(index, word)) == wanted
    index._db.close()
