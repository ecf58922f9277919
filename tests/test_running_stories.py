"""Which articles tell one story, and which figures of theirs are of one thing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import OTHER, REPORT, march, story

from benchmarks.summary_keys import STORIES
from rag import Archive
from rag.embedder import bundled_embedder
from rag.records import Article
from rag.summaries import stories
from rag.summaries.choosing.rivals import Rivals
from rag.summaries.choosing.sentences import read


@pytest.fixture(scope="module")
def articles(seeded: Archive) -> list[Article]:
    carriers = {"dam-collapse-wire-northgate", "dam-collapse-wire-tidewater"}
    return [article for article in seeded.articles() if article.id not in carriers]


def groups(found: list[stories.Story]) -> set[frozenset[str]]:
    return {frozenset(article.id for article in one.articles) for one in found}


@given(st.randoms(use_true_random=False))
def test_stories_do_not_hang_on_the_order_of_the_articles(articles: list[Article], chance: random.Random) -> None:
    shuffled = list(articles)
    chance.shuffle(shuffled)
    assert groups(stories.find(shuffled)) == groups(stories.find(articles))


@given(st.sets(st.sampled_from(sorted(frozenset().union(*STORIES.values()))), min_size=1))
def test_every_article_is_in_one_story_whatever_else_is_read(articles: list[Article], ids: set[str]) -> None:
    some = [article for article in articles if article.id in ids]
    found = groups(stories.find(some))
    assert sum(map(len, found)) == len(some)
    assert all(any(ids <= key for key in STORIES.values()) for ids in found)


def test_two_articles_are_one_story_also_where_there_are_no_others() -> None:
    told = story("told", REPORT, published_at=march(5))
    again = story("again", f"Ada Finch thanked the dockers. {REPORT[:150]}", title="Finch on Lindmouth's harbour")
    apart = story("apart", OTHER, title="Comet over Brackwater", published_at=march(5))
    assert groups(stories.find([told, again, apart])) == {frozenset({"told", "again"}), frozenset({"apart"})}


def at_odds(one: str, other: str, *, days: tuple[int, int] = (4, 4)) -> bool:
    told = [
        story("one", one, title="News of Lindmouth", source="Echo", published_at=march(days[0])),
        story("other", other, title="News of Lindmouth", source="Post", published_at=march(days[1])),
    ]
    return bool(Rivals(read(told), bundled_embedder().embed).between())


def test_two_tolls_of_one_flood_are_at_odds() -> None:
    assert at_odds("Nine people died in the flood at Lindmouth.", "The flood at Lindmouth killed seven people.")


def test_two_sums_for_one_thing_are_at_odds() -> None:
    assert at_odds(
        "The strike at Lindmouth harbour cost £31m.", "The strike at Lindmouth harbour cost the town £44m."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nine people died in the flood at Lindmouth.", "Seven people are missing in the flood at Lindmouth."),
        ("Finch got 201 votes in the ballot of the house.", "Finch got 203 votes in the ballot of the house."),
        ("Nine people died in the flood at Lindmouth.", "Nine people died in the flood at Lindmouth, and 40 fled."),
        ("Finch, 44, leads the council of Lindmouth town.", "Finch has led the council of Lindmouth for 11 years."),
        ("The bridge of Lindmouth opened in 1998 to traffic.", "The bridge of Lindmouth opened in 1989 to traffic."),
    ],
    ids=["dead and missing", "two ballots", "the same and more", "age and years", "years"],
)
def test_figures_of_other_things_are_not_at_odds(one: str, other: str) -> None:
    assert not at_odds(one, other)


def test_a_figure_given_days_later_is_newer_and_not_at_odds() -> None:
    assert not at_odds(
        "Nine people died in the flood at Lindmouth.", "The flood at Lindmouth killed eight people.", days=(4, 12)
    )
