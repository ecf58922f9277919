"""Near-copies are one report, and its original is known with the reason."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stories import OTHER, REPORT, Letters, march, story

from rag import copies
from rag.clusters import COMPARED
from rag.intake.readings import Reading
from rag.records import Article, Filters
from rag.store import Store

FIRST = story("first", published_at=march(5), source="Coast Courier", url="https://courier.example/harbour")
SECOND = story("second", "LINDMOUTH: " + REPORT, published_at=march(6), source="Inland Herald")
THIRD = story("third", REPORT[: REPORT.rindex(" The first ferry")], published_at=march(7), source="Hill Gazette")
AWAY = story("away", OTHER, title="Comet seen", published_at=march(4))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, Letters())
    yield store
    store.close()


def take(store: Store, *articles: Article) -> None:
    prepared = [store.prepare(Reading(one, one.id, f"place:{one.id}", one.digest.encode())) for one in articles]
    store.write(prepared, store.embed(prepared), run=1)


def original(store: Store, id: str) -> tuple[str, str]:
    cluster = store.clusters.of(id)
    return cluster.original, cluster.reason


def test_carriers_of_one_report_are_one_cluster_and_other_reports_are_not_in_it(store: Store) -> None:
    take(store, FIRST, AWAY, SECOND, THIRD)
    (cluster,) = store.clusters.shared()
    assert cluster.members == ("first", "second", "third")
    assert store.clusters.of("away").members == ("away",)
    assert store.clusters.check() == []


def test_an_article_alone_is_its_own_original(store: Store) -> None:
    take(store, AWAY)
    assert original(store, "away") == ("away", "the only one")
    assert store.clusters.shared() == []


def test_what_was_published_first_is_the_original_in_whatever_order_they_came(store: Store) -> None:
    take(store, THIRD, SECOND, replace(FIRST, id="undated", published_at=None, url=None), FIRST)
    assert original(store, "undated") == ("first", "it was published first, on 2024-03-05 08:00 UTC")
    assert store.clusters.carriers("third") == ("first", "second", "third", "undated")


def test_without_any_date_the_least_id_is_chosen_and_that_is_said(store: Store) -> None:
    take(store, *(replace(one, published_at=None) for one in (THIRD, SECOND)))
    assert original(store, "third") == ("second", "none of them has a date")


def test_the_agencys_own_report_comes_before_an_earlier_carrier(store: Store) -> None:
    agency = story("wire", "LINDMOUTH (AP) - " + REPORT, source="Associated Press", published_at=march(9))
    take(store, FIRST, agency, SECOND)
    assert original(store, "first") == ("wire", "it is the report of the agency itself")


def test_the_address_that_a_carrier_names_comes_before_the_agency(store: Store) -> None:
    agency = story("wire", "LINDMOUTH (AP) - " + REPORT, source="Associated Press", published_at=march(1))
    take(store, agency, FIRST)
    assert original(store, "first")[0] == "wire"
    take(store, replace(SECOND, canonical=FIRST.url))
    assert original(store, "wire") == ("first", "'second' names its address as the canonical one")


def test_an_address_that_only_its_own_article_names_decides_nothing(store: Store) -> None:
    late = replace(SECOND, url="https://herald.example/1", canonical="https://herald.example/1")
    take(store, FIRST, late)
    assert original(store, "second")[0] == "first"


def test_the_address_named_counts_when_its_article_comes_later(store: Store) -> None:
    take(store, replace(SECOND, canonical=FIRST.url), THIRD)
    assert original(store, "third")[0] == "second"
    take(store, FIRST)
    assert original(store, "third") == ("first", "'second' names its address as the canonical one")


def test_removing_the_original_makes_the_next_one_it(store: Store) -> None:
    take(store, FIRST, SECOND, THIRD)
    store.remove(["first"])
    assert original(store, "third") == ("second", "it was published first, on 2024-03-06 08:00 UTC")
    store.remove(["second"])
    assert original(store, "third") == ("third", "the only one")
    store.remove(["third"])
    assert list(store.database.rows("SELECT 1 FROM clusters UNION ALL SELECT 1 FROM bands")) == []


def test_removing_who_named_the_address_takes_the_reason_away(store: Store) -> None:
    take(store, FIRST, replace(SECOND, published_at=march(1), canonical=FIRST.url), THIRD)
    store.remove(["second"])
    assert original(store, "third") == ("first", "it was published first, on 2024-03-05 08:00 UTC")


def test_an_earlier_or_a_better_copy_that_comes_late_becomes_the_original(store: Store) -> None:
    take(store, SECOND, THIRD)
    take(store, FIRST)
    assert original(store, "second")[0] == "first"
    take(store, story("wire", source="Reuters", published_at=march(20)))
    assert original(store, "second")[0] == "wire"


def test_an_original_that_is_dated_anew_is_chosen_anew(store: Store) -> None:
    take(store, FIRST, SECOND)
    take(store, replace(FIRST, published_at=march(8)))
    assert store.catalogue.article("first").revision == 2
    assert original(store, "first")[0] == "second"
    assert store.clusters.carriers("first") == ("second", "first")


def test_a_rewritten_founder_leaves_its_copies_for_good(store: Store) -> None:
    take(store, FIRST, SECOND, THIRD)
    take(store, replace(FIRST, text=OTHER))
    assert store.clusters.of("first").members == ("first",)
    assert store.clusters.of("third").members == ("second", "third")
    take(store, replace(SECOND, id="fourth", published_at=march(9)), replace(AWAY, id="fifth"))
    assert store.clusters.of("fourth").members == ("second", "third", "fourth")
    assert store.clusters.of("first").members == ("fifth", "first")
    assert store.clusters.check() == []


def test_a_founder_removed_and_back_with_another_text_is_not_among_its_old_copies(store: Store) -> None:
    take(store, FIRST, SECOND)
    store.remove(["first"])
    take(store, replace(FIRST, text=OTHER))
    assert store.clusters.of("first").members == ("first",)
    assert store.clusters.of("second").members == ("second",)


def test_a_stub_is_no_copy_of_what_it_stands_for(store: Store) -> None:
    take(store, FIRST, replace(FIRST, id="stub", url=None, stub="paywall"))
    assert store.clusters.of("first").members == ("first",)
    assert store.clusters.of("stub").members == ("stub",)
    assert store.clusters.check() == []


@pytest.fixture
def comparisons(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the texts compared word by word."""
    made: list[int] = []
    near = copies.near

    def counted(one: frozenset[str], other: frozenset[str]) -> bool:
        made.append(len(one))
        return near(one, other)

    monkeypatch.setattr(copies, "near", counted)
    return made


def test_equal_copies_are_never_compared_and_cost_one_vector(store: Store, comparisons: list[int]) -> None:
    take(store, *(story(f"copy{number:03}", source=f"Outlet {number}") for number in range(300)), AWAY)
    assert comparisons == []
    assert len(store.clusters.carriers("copy123")) == 300
    assert store.words.count() == len(store.vectors) == 2
    assert len(store.embedder.embedded) == 2
    assert {hit.article_id for hit in store.search("Lindmouth harbour strike", 10, Filters())} == {"copy000", "away"}


def test_copies_that_differ_a_little_are_compared_with_few(store: Store, comparisons: list[int]) -> None:
    outlets = [f"Printed in outlet {'x' * (number % 20)}y{number}. {REPORT}" for number in range(300)]
    take(store, *(story(f"copy{number:03}", text) for number, text in enumerate(outlets)))
    assert len(store.clusters.carriers("copy123")) == 300
    assert len(comparisons) <= COMPARED * 300


def test_a_newcomer_is_compared_with_few_of_a_large_report(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    take(store, *(story(f"copy{number:02}", f"Printed in outlet {number}. {REPORT}") for number in range(30)))
    made: list[frozenset[str]] = []
    monkeypatch.setattr(copies, "near", lambda own, other: made.append(other))  # near to none of them
    take(store, story("newcomer", f"Printed elsewhere. {REPORT}"))
    assert len(made) == COMPARED
    assert store.clusters.of("newcomer").members == ("newcomer",)


def test_articles_without_an_original_are_found_by_the_check(store: Store) -> None:
    take(store, FIRST, SECOND)
    with store.database.transaction():
        store.database.write("UPDATE clusters SET original = 'nobody'")
    assert store.clusters.check() == ["2 articles have no original of their report; 'groundwire reindex' mends that"]
