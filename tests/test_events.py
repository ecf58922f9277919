"""Times stated by what happened then: found in questions, and put on a day by what articles say."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Archive, events, evidence
from rag.events import Event
from rag.records import Article


def article(text: str, published: str, *, title: str = "News", id: str = "one") -> Article:
    return Article(id, title, text, published_at=datetime.fromisoformat(published).replace(tzinfo=UTC))


def told(*articles: Article) -> list[tuple[Article, str]]:
    return [(one, one.text) for one in articles]


def event(question: str) -> Event:
    found = events.find(question)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "way", "words", "head"),
    [
        ("What did Kim do before the summit?", "before", "before the summit", "summit"),
        ("Who died after the dam collapsed?", "after", "after the dam collapsed", "collapsed"),
        ("What was said since the strike began?", "since", "since the strike began", "began"),
        ("Who spoke during the vote?", "during", "during the vote", "vote"),
        ("What was offered in the week before the deal?", "before", "in the week before the deal", "deal"),
        (
            "Who fled the day after the collapse of the dam?",
            "after",
            "the day after the collapse of the dam",
            "collapse",
        ),
        ("What came two days after the summit?", "after", "two days after the summit", "summit"),
        ("Until the spillway gave way, who ran it?", "until", "Until the spillway gave way", "collapsed"),
        ("Who warned prior to the attack on the port?", "before", "prior to the attack on the port", "attack"),
        ("What did he do following his resignation?", "after", "following his resignation", "resignation"),
        ("Who protested after the bridge was destroyed?", "after", "after the bridge was destroyed", "destroyed"),
    ],
)
def test_an_event_that_states_a_time_is_found(question: str, way: str, words: str, head: str) -> None:
    found = event(question)
    assert (found.way, found.words, found.head) == (way, words, head)


@pytest.mark.parametrize(
    "question",
    [
        "What was said before the court?",
        "Who came after the president?",
        "Who spoke before the committee?",
        "How has it grown since the company?",
        "Who ran after the train?",
        "Who led the city before Rosalind Achterberg?",
        "What happened after 13 September?",
        "What happened after last week?",
        "What happened since Christmas 2022?",
        "What happened before the end of the year?",
        "What did he say after all?",
        "What has changed since then?",
        "Who owns the building opposite the station?",
        "Who spoke before the Russian armed forces?",
        "What did the government do during the administration?",
        "How much flour was left during the strike?",
        "When was the summit?",
    ],
)
def test_what_is_no_event_or_a_calendar_period_is_none(question: str) -> None:
    assert events.find(question) is None


def test_a_date_beside_the_event_is_its_day() -> None:
    one = article("The strike began on Jan. 20. It was cold.", "2025-01-30")
    assert events.day(event("What was said since the strike began?"), told(one)) == date(2025, 1, 20)


def test_a_weekday_is_counted_from_the_day_of_publication() -> None:
    one = article("The spillway of the dam collapsed on Wednesday.", "2024-05-16")
    assert events.day(event("Who died after the dam collapsed?"), told(one)) == date(2024, 5, 15)


def test_the_day_something_was_said_is_not_the_day_of_the_event() -> None:
    one = article("The talks were good, he said on Friday of the summit.", "2023-09-15", title="Talks")
    assert events.day(event("Who came before the summit?"), told(one)) is None


def test_the_day_of_another_clause_is_not_the_day_of_the_event() -> None:
    one = article(
        "A silence was held on Tuesday, the hour at which the dam had collapsed six days earlier.", "2024-05-21"
    )
    assert events.day(event("Who died after the dam collapsed?"), told(one)) is None


def test_the_end_of_something_else_is_not_the_end_of_the_event() -> None:
    one = article("Most were for a strike, the Saltmere Dockers said when the count ended on Friday.", "2025-01-10")
    assert events.day(event("What was said before the strike ended?"), told(one)) is None


def test_an_article_that_opens_with_the_event_dates_it_by_its_publication() -> None:
    one = article("The director resigned. He gave no reason.", "2024-08-30")
    assert events.day(event("Who followed after the director resigned?"), told(one)) == date(2024, 8, 30)


def test_articles_that_disagree_leave_the_day_open() -> None:
    one = article("The council held its vote on 12 March 2024.", "2024-03-13")
    two = article("The dockers held their vote on 10 January 2025.", "2025-01-11", id="two")
    assert events.day(event("What was said before the vote?"), told(one, two)) is None
    assert events.day(event("What was said before the vote?"), told(one)) == date(2024, 3, 12)


def test_most_articles_outweigh_one() -> None:
    right = [
        article(f"In city {n} they noted that the summit took place on 13 September 2023.", "2023-09-20", id=str(n))
        for n in range(3)
    ]
    wrong = article("The summit took place on 14 September 2023.", "2023-09-20", id="wrong")
    assert events.day(event("Who came before the summit?"), told(*right, wrong)) == date(2023, 9, 13)


def test_a_report_printed_twice_counts_once() -> None:
    text = "The summit took place on 14 September 2023."
    copies = [article(text, "2023-09-20", id=str(n)) for n in range(3)]
    other = article("It is known that the summit took place on 13 September 2023.", "2023-09-20", id="other")
    assert events.day(event("Who came before the summit?"), told(*copies, other)) is None


def test_an_article_without_the_names_asked_about_has_no_say() -> None:
    one = article("The summit took place on 13 September 2023 in Paris.", "2023-09-20")
    assert events.day(event("What did Kim Jong Un do before the summit?"), told(one)) is None


def test_nothing_told_is_no_day() -> None:
    assert events.day(event("Who came before the summit?"), []) is None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What came before the summit?", "None", "2023-09-12"),
        ("What came after the summit?", "2023-09-13", "None"),
        ("What came since the summit?", "2023-09-13", "None"),
        ("What came until the summit?", "None", "2023-09-13"),
        ("What came during the summit?", "2023-09-13", "2023-09-13"),
        ("What came in the week before the summit?", "2023-09-06", "2023-09-12"),
        ("What came in the days after the summit?", "2023-09-13", "2023-09-20"),
        ("What came the day after the summit?", "2023-09-14", "2023-09-14"),
        ("What came two days after the summit?", "2023-09-15", "2023-09-15"),
    ],
)
def test_an_event_on_a_day_is_a_period(question: str, first: str, last: str) -> None:
    found = events.period(event(question), date(2023, 9, 13))
    assert (str(found.first), str(found.last)) == (first, last)
    assert found.words in question


@pytest.mark.parametrize("when", [date.min, date.max])
def test_no_period_falls_off_the_calendar(when: date) -> None:
    for words in ("before", "after", "in the week before", "in the years after", "two years before", "until"):
        found = events.period(event(f"What came {words} the summit?"), when)
        assert (found.first or date.min) <= (found.last or date.max)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("What did Kim do before the summit?", date(2023, 9, 13)),
        ("What did Kim do after the summit with Putin?", date(2023, 9, 13)),
        ("What happened in Žďárov after the dam collapsed?", date(2024, 5, 15)),
        ("What did Šlapal say before the collapse of the dam?", date(2024, 5, 15)),
        ("What did the union say before the strike ended?", date(2025, 2, 5)),
        ("What became dearer since the strike began?", date(2025, 1, 20)),
        ("What was offered in the week before the deal?", date(2025, 2, 5)),
        ("What was decided after Šlapal resigned?", date(2024, 8, 30)),
        ("What did the council say before the vote?", None),
    ],
)
def test_the_sample_articles_tell_when_things_happened(seeded: Archive, question: str, day: date | None) -> None:
    found = event(question)
    sentences = evidence.candidates(seeded.search(found.query), seeded.article)
    assert events.day(found, [(one.article, one.text) for one in sentences]) == day


WORDS = "before |after |since |until |during |the week |two days |the |summit |strike |began |dam |gave way |Kim |2023 |, |in "


@given(st.lists(st.sampled_from(WORDS.split("|")), max_size=10).map("".join) | st.text(), st.text(max_size=80))
def test_anything_is_read_without_an_error(question: str, text: str) -> None:
    found = events.find(question)
    if found is not None:
        assert found.words in question
        events.day(found, told(article(text, "2023-09-13"), article(question, "2023-09-13", id="two")))
