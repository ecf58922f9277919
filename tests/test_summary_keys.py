"""The keys to the sample articles' stories: every event stands in the articles that are said to tell it."""

from __future__ import annotations

from functools import cache

import pytest

from benchmarks.summary_keys import STORIES, Event, events
from eval.suite import article_files, seeds
from rag import passages
from rag.intake.readings import Reading
from rag.intake.sources import read


@cache
def sentences() -> dict[str, list[str]]:
    """The sentences of every sample article by its id."""
    articles = [one.article for file in article_files(seeds()) for one in read(file) if isinstance(one, Reading)]
    return {one.id: [one.text[span.start : span.end] for span in passages.sentences(one.text)] for one in articles}


def test_every_sample_article_is_in_one_story() -> None:
    placed = [id for ids in STORIES.values() for id in ids]
    assert sorted(placed) == sorted(sentences())


@pytest.mark.parametrize("event", events(), ids=lambda event: event.what)
def test_event_stands_in_each_article_said_to_tell_it_and_in_no_other_story(event: Event) -> None:
    telling = {id for id, told in sentences().items() if any(map(event.told_by, told))}
    assert set(event.articles) <= telling <= STORIES[event.story]


@pytest.mark.parametrize(
    "event", [one for one in events() if one.dated and not one.inferred], ids=lambda event: event.what
)
def test_a_sentence_that_tells_an_event_states_its_day_or_weekday(event: Event) -> None:
    told = [sentence for id in event.articles for sentence in sentences()[id] if event.told_by(sentence)]
    weekday, day = f"{event.first:%A}", f" {event.first.day}"
    assert [sentence for sentence in told if weekday in sentence or day in sentence]


def test_a_month_or_year_lasts_to_its_last_day() -> None:
    whole = {event.when: (f"{event.first}", f"{event.last}") for event in events() if not event.dated}
    assert whole["2025-02"] == ("2025-02-01", "2025-02-28")
    assert whole["1961"] == ("1961-01-01", "1961-12-31")
    assert whole["2020/2023"] == ("2020-01-01", "2023-12-31")
