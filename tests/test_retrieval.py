"""Searches of a real archive: what filters admit and nothing else, in one order, whatever is asked."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import OTHER, Letters, march, story

from rag import neighbours
from rag.catalogue import where
from rag.intake.readings import Reading
from rag.records import Article, Filters, Hit
from rag.store import Store

COMET = story("comet", OTHER, title="Comet seen", published_at=march(4), source="Herald", language="en")
TOWNS = ("Lindmouth", "Brackwater", "Fernley", "Osk", "Tarn")
NEWS = [
    Article(
        id=f"{town.lower()}{day}",
        title=f"{town} news",
        text=f"The mayor of {town} opened a bridge on day {day}. {'Ships sailed. ' * (day % 3)}{town} paid for it.",
        source=("Courier", "Herald", None)[day % 3],
        published_at=march(day) if day % 5 else None,
        language=("en", "de")[day % 2],
    )
    for town in TOWNS
    for day in range(1, 9)
]


def opened(folder: Path, *articles: Article) -> Store:
    store = Store(folder, Letters())
    store.check_embedder()
    for article in articles:
        store.take(article)
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = opened(tmp_path)
    yield store
    store.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = opened(tmp_path_factory.mktemp("filled"), *NEWS)
    yield store
    store.close()


def ids(hits: list[Hit]) -> list[str]:
    return [hit.article_id for hit in hits]


MOMENTS = st.none() | st.integers(1, 10).map(march)
FILTERS = st.builds(
    Filters,
    since=MOMENTS,
    until=MOMENTS,
    known_at=MOMENTS,
    source=st.sampled_from([None, "courier", "HERALD", "Nobody's"]),
    language=st.sampled_from([None, "en", "DE", "fr"]),
    article_ids=st.none() | st.lists(st.sampled_from([one.id for one in NEWS] + ["none"]), max_size=9).map(tuple),
)  # fmt: skip


def admitted(store: Store, filters: Filters) -> set[str]:
    condition, values = where(filters)
    return {id for (id,) in store.database.rows(f"SELECT a.id FROM articles a WHERE {condition}", values)}


@settings(deadline=None, max_examples=60)
@given(filters=FILTERS, query=st.sampled_from(["bridge in Osk", "ships", "who was it?", "day 7 mayor of Tarn"]))
def test_a_search_returns_all_that_its_filters_admit_and_nothing_else(
    filled: Store, filters: Filters, query: str
) -> None:
    assert set(ids(filled.search(query, 99, filters))) == admitted(filled, filters)


@settings(deadline=None, max_examples=30)
@given(filters=FILTERS)
def test_under_filters_the_order_is_that_of_the_whole(filled: Store, filters: Filters) -> None:
    left = admitted(filled, filters)
    whole = [
        (hit.passage_id, round(hit.score, 5))
        for hit in filled.search("Osk bridge ships", 99, Filters())
        if hit.article_id in left
    ]
    limited = [(hit.passage_id, round(hit.score, 5)) for hit in filled.search("Osk bridge ships", 99, filters)]
    assert sorted(limited) == sorted(whole)
    assert [score for _, score in limited] == [score for _, score in whole]


def test_where_filters_leave_many_the_index_of_vectors_is_searched(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = Filters(source="Herald", language="en")
    exactly = filled.search("Osk bridge ships", 9, filters)
    monkeypatch.setattr(neighbours, "NARROW", 0)
    assert ids(filled.search("Osk bridge ships", 9, filters)) == ids(exactly)


def test_scores_fall_and_a_search_again_gives_the_same(filled: Store) -> None:
    hits = filled.search("mayor of Tarn", 20, Filters())
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 < hit.score <= 1 for hit in hits)
    assert filled.search("mayor of Tarn", 20, Filters()) == hits


def test_a_passage_whose_article_holds_the_other_words_comes_first(store: Store) -> None:
    lead = "Ada Finch was sworn in. " + "The weather was mild and nothing else was said that day. " * 12
    store.take(Article("finch", "Oath", lead + "She promised a ferry."))
    store.take(Article("other", "Oath", lead.replace("Ada Finch", "Eva Fisk") + "He promised a ferry."))
    promised = [hit for hit in store.search("ferry promised by Ada Finch", 9, Filters()) if "ferry" in hit.text]
    assert ids(promised)[0] == "finch"


def test_of_passages_that_fit_alike_other_articles_come_before_more_of_one(store: Store) -> None:
    told = "The ferry from Lindmouth to Osk was late again, and the ferry company was silent. "
    store.take(Article("long", "Ferry", "\n\n".join(f"{told * 4}Day {day} was no better." for day in range(5))))
    store.take(Article("short", "Ferry", f"{told}Rain fell on the quay of Lindmouth as the ferry came in."))
    hits = store.search("late ferry from Lindmouth to Osk", 9, Filters())
    assert ids(hits)[0] == "long"
    assert "short" in ids(hits)[:3]
    assert len([id for id in ids(hits) if id == "long"]) > 2


def test_what_another_process_writes_is_found_at_once(store: Store, tmp_path: Path) -> None:
    assert store.search("comet", 3, Filters()) == []
    other = Store(tmp_path, Letters())
    other.take(COMET)
    assert ids(store.search("comet", 3, Filters(language="en"))) == ["comet"]
    other.take(replace(COMET, language="de", text="No star was seen."))
    assert store.search("comet", 3, Filters(language="en")) == []
    assert [hit.text for hit in store.search("comet", 3, Filters(language="de"))] == ["No star was seen."]
    other.remove(["comet"])
    assert store.search("comet", 3, Filters()) == []
    other.close()


@pytest.mark.parametrize(
    "query",
    [
        "the of and",
        "word " * 5_000,
        " ".join(f"w{number}" for number in range(5_000)),
        "'; DROP TABLE articles; --",
        '" OR 1=1 NEAR(a b) * : ^ - + ( {',
        "[a-z]+(?=\\d)$",
        "\x00",
        "comet\x00seen",
        "\ud800",
        "?",
        "彗星",
    ],
)
def test_any_query_is_survived_by_an_archive_of_one_article(store: Store, query: str) -> None:
    store.take(COMET)
    assert set(ids(store.search(query, 3, Filters()))) <= {"comet"}
    assert store.words.count() == 1


def test_of_very_many_equal_articles_one_is_found_and_the_others_are_not_in_the_way(store: Store) -> None:
    carriers = [story(f"copy{number:04}", source=f"Outlet {number}", published_at=march(9)) for number in range(400)]
    prepared = [store.prepare(_read(one)) for one in (story("first", published_at=march(5)), *carriers, COMET)]
    store.write(prepared, store.embed(prepared), run=0)
    assert ids(store.search("harbour of Lindmouth", 10, Filters())) == ["first", "comet"]
    assert ids(store.search("harbour", 10, Filters(source="outlet 77"))) == ["copy0077"]


def _read(article: Article) -> Reading:
    return Reading(article, article.id, article.id, b"")
