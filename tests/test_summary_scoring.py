"""How summaries are scored: events on their day, articles in their story, references cut into sentences, room kept."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from benchmarks.references import sentences_of
from benchmarks.rivals import told
from benchmarks.summary_keys import STORIES, Event
from benchmarks.summary_stories import placed, where
from rag.records import Statement
from rag.summary import Section, Summary

STRIKE = Event("harbour", "2025-01-20", "strike begins", "walked out", ("harbour-strike-begins",))
RISE = Event("harbour", "2025-03", "pay rises", "4.4%", ("harbour-deal",))


def timeline(*entries: tuple[date, date, str]) -> Summary:
    statements = tuple(Statement(text, (1,), "supported") for _, _, text in entries)
    sections = tuple(Section("", (place,), first, last) for place, (first, last, _) in enumerate(entries))
    as_of = datetime(2026, 1, 1, tzinfo=UTC)
    return Summary("", as_of, None, style="timeline", statements=statements, sections=sections)


@pytest.mark.parametrize(
    ("day", "text", "found"),
    [
        (20, "Dockers walked out at six.", "on its day"),
        (21, "Dockers walked out at six.", "elsewhere"),
        (20, "Bread was dear.", "missing"),
    ],
)
def test_event_is_found_where_an_entry_of_its_day_tells_it(day: int, text: str, found: str) -> None:
    assert where(STRIKE, timeline((date(2025, 1, day), date(2025, 1, day), text))) == found


def test_event_told_on_two_days_is_found_on_its_own() -> None:
    days = [date(2025, 1, 19), date(2025, 1, 20)]
    assert where(STRIKE, timeline(*((day, day, "They walked out.") for day in days))) == "on its day"


@pytest.mark.parametrize(("last", "found"), [(date(2025, 3, 31), "on its day"), (date(2025, 4, 1), "elsewhere")])
def test_event_of_a_month_is_found_within_the_month(last: date, found: str) -> None:
    assert where(RISE, timeline((date(2025, 3, 1), last, "Pay rises by 4.4%."))) == found


def test_articles_are_placed_with_most_of_their_story_and_no_section_takes_two_stories() -> None:
    assert placed([frozenset(ids) for ids in STORIES.values()]) == frozenset().union(*STORIES.values())
    together = frozenset(STORIES["dam"] | STORIES["tram"])
    assert placed([together]) == STORIES["dam"]
    kim = sorted(STORIES["kim"])
    assert placed([frozenset(kim[:2]), frozenset(kim[2:])]) == set(kim[2:])


def test_reference_is_cut_where_its_sentences_do_not_follow_each_other_in_the_article() -> None:
    text = 'Prices at Amazon.com rose. "It is 4.5% more," he said. "We waited."'
    summary = '"We waited."Prices at Amazon.com rose."It is 4.5% more," he said.'
    assert list(sentences_of(summary, text)) == [
        '"We waited."',
        "Prices at Amazon.com rose.",
        '"It is 4.5% more," he said.',
    ]


def test_sentences_are_told_by_rank_while_they_fit_within_a_tenth_and_in_the_article_s_order() -> None:
    sentences = ["a b c d e", "f g h i j k m", "l m n o p", "q"]
    assert told(sentences, lambda _: [2, 1, 0, 3], 10) == ["a b c d e", "l m n o p"]
    assert told(sentences, lambda _: [2, 1, 0, 3], 11) == ["f g h i j k m", "l m n o p"]
    assert told(sentences, lambda _: [1, 0, 2, 3], 2) == ["f g h i j k m"]
