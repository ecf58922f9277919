"""Of weighed sentences a few are shown: copies once, rivals side by side, the newest first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rag.choosing import Choice, choose
from rag.evidence import FEATURES, Evidence
from rag.question import read
from rag.records import Article, Span
from rag.wanted import mentions

HOW_MANY = "How many people died in the Lindmouth storm?"


def told(text: str, day: int, outlet: str, *, score: float = 0.9, question: str = HOW_MANY) -> Evidence:
    published = datetime(2024, 3, day, tzinfo=UTC)
    article = Article(f"{outlet}-{day}", "Storm", text, source=outlet, published_at=published)
    answer = next(iter(mentions(read(question), text, published)), None)
    return Evidence(article, Span(0, len(text)), score, answer=answer)


def chosen(*weighed: Evidence, latest: bool = False, carried: Sequence[str] = ()) -> list[Evidence]:
    articles = {one.article.id: one.article for one in weighed}

    def carriers(id: str) -> tuple[str, ...]:
        return tuple(carried) if id in carried else (id,)

    return choose(weighed, Choice(3, carriers, articles.__getitem__, latest))


SEVEN = told("Seven people died in the Lindmouth storm, police said.", 4, "Courier")
NINE = told("Nine people died in the Lindmouth storm, police said.", 4, "Herald", score=0.8)
TEN = told("Ten people died in the Lindmouth storm, the mayor said.", 9, "Herald", score=0.8)


def test_two_outlets_that_differ_on_one_day_are_both_shown_and_in_conflict() -> None:
    shown = chosen(SEVEN, NINE)
    assert [(one.article.id, one.conflict, one.superseded) for one in shown] == [
        ("Courier-4", True, False),
        ("Herald-4", True, False),
    ]


def test_a_newer_figure_leads_and_the_older_one_is_superseded() -> None:
    shown = chosen(SEVEN, TEN)
    assert [(one.article.id, one.conflict, one.superseded) for one in shown] == [
        ("Herald-9", False, False),
        ("Courier-4", False, True),
    ]


def test_those_that_differ_follow_newest_first() -> None:
    early = told("Two people died in the Lindmouth storm, police said.", 1, "Wire", score=0.85)
    shown = chosen(SEVEN, early, TEN)
    assert [one.article.published_at.day for one in shown if one.article.published_at] == [9, 4, 1]


def test_outlets_that_say_the_same_are_counted_and_carriers_of_one_report_are_not() -> None:
    again = told("The storm at Lindmouth has killed seven people, the coast guard said.", 5, "Herald", score=0.5)
    third = told("Storm in Lindmouth: seven people died.", 5, "Wire", score=0.5)
    assert chosen(SEVEN, again, third)[0].sources == 3
    assert chosen(SEVEN, again, third, carried=["Courier-4", "Wire-5"])[0].sources == 2


def test_one_outlet_that_repeats_itself_is_one_source() -> None:
    again = told("The storm at Lindmouth has killed seven people.", 6, "Courier", score=0.5)
    assert chosen(SEVEN, again)[0].sources == 1


def test_other_names_in_sentences_about_other_things_are_no_conflict() -> None:
    question = "Who spoke?"
    one = told("Ada Finch spoke at the harbour about the price of coal.", 4, "Courier", question=question)
    other = told("Bo Larsen spoke to pupils of the music school yesterday.", 4, "Herald", question=question)
    assert not any(shown.conflict for shown in chosen(one, other))


def test_other_names_for_one_thing_are_in_conflict() -> None:
    question = "Who was the captain of the ferry?"
    one = told("The captain of the ferry was Ada Finch, police said.", 4, "Courier", question=question)
    other = told("The captain of the ferry was Bo Larsen, the line said.", 4, "Herald", question=question)
    assert all(shown.conflict for shown in chosen(one, other))


def test_the_latest_report_leads_where_it_is_asked_for() -> None:
    old = told("The bridge is shut to lorries.", 1, "Courier", question="What is the latest on the bridge?")
    new = told("The bridge opens to lorries again.", 9, "Herald", score=0.6, question="What is the latest?")
    assert chosen(old, new)[0].article.id == "Courier-1"
    assert chosen(old, new, latest=True)[0].article.id == "Herald-9"


def test_figures_of_other_sizes_are_not_of_one_thing() -> None:
    question = "What did the tram line cost?"
    line = told("The tram line cost $860m, the council said.", 4, "Courier", question=question)
    desk = told("The information desk had cost $85,000.", 9, "Herald", question=question)
    assert not any(one.superseded or one.conflict for one in chosen(line, desk))


def test_a_sentence_that_has_the_other_figure_too_does_not_contradict_it() -> None:
    nineteen = told("A gunman killed 19 pupils in the Lindmouth storm and two teachers.", 4, "Courier")
    other = told("In the storm at Lindmouth 17 were hurt when 19 pupils died.", 9, "Herald", score=0.8)
    assert not any(one.superseded or one.conflict for one in chosen(nineteen, other))
    risen = told("Ten people, not seven as earlier said, died in the Lindmouth storm.", 9, "Herald", score=0.8)
    assert [one.superseded for one in chosen(SEVEN, risen)] == [False, True]


def test_a_sentence_that_holds_little_of_the_question_does_not_contradict() -> None:
    def holding(one: Evidence, share: float) -> Evidence:
        return replace(one, features=tuple(share if name == "coverage" else 0.0 for name in FEATURES))

    assert chosen(holding(SEVEN, 0.8), holding(TEN, 0.5))[1].superseded
    assert not any(one.superseded for one in chosen(holding(SEVEN, 0.8), holding(TEN, 0.2)))


def test_an_unlikely_sentence_that_says_otherwise_is_shown_all_the_same() -> None:
    agrees = replace(told("The dead of the Lindmouth storm are seven.", 4, "Wire"), score=0.3)
    assert len(chosen(SEVEN, agrees)) == 1
    assert len(chosen(SEVEN, replace(TEN, score=0.3))) == 2


def test_an_unlikely_sentence_that_says_otherwise_is_shown_where_the_reader_finds_that_it_answers() -> None:
    def read_with(one: Evidence, odds: float) -> Evidence:
        return replace(one, features=tuple({"odds": odds, "coverage": 0.5}.get(name, 0.0) for name in FEATURES))

    later = replace(TEN, score=0.1)
    assert len(chosen(read_with(SEVEN, 1.5), read_with(later, 0.2))) == 1
    assert len(chosen(read_with(SEVEN, -2.0), read_with(later, -1.0))) == 1
    assert [one.article.id for one in chosen(read_with(SEVEN, 1.5), read_with(later, 1.0))] == [
        "Herald-9",
        "Courier-4",
    ]


def test_nothing_likely_enough_is_nothing() -> None:
    assert chosen(told("Ten ships came.", 4, "Courier", score=0.001)) == []
    assert chosen() == []


def test_an_undated_report_is_in_conflict_and_never_superseded() -> None:
    undated = replace(SEVEN, article=replace(SEVEN.article, published_at=None))
    assert [(one.conflict, one.superseded) for one in chosen(undated, TEN)] == [(True, False), (True, False)]


def test_a_sentence_that_says_the_contrary_is_no_further_source() -> None:
    question = "Was the mayor of Lindmouth arrested?"
    yes = told("Police arrested the mayor of Lindmouth over the bridge money.", 4, "Courier", question=question)
    no = told(
        "Police have not arrested the mayor of Lindmouth over the bridge money.", 5, "Herald", question=question
    )
    assert [one.sources for one in chosen(yes, no)] == [1, 1]


def test_a_sentence_of_the_same_meeting_that_leaves_out_the_news_is_no_further_source() -> None:
    question = "What happened in Lindmouth?"
    news = told(
        "When Ada Finch and Bo Larsen sat down in Lindmouth on Monday, each gave the other a gun.",
        4,
        "Courier",
        question=question,
    )
    setting = told(
        "Lindmouth, where ships dock, was the setting on Monday when Ada Finch and Bo Larsen sat down for talks.",
        4,
        "Herald",
        question=question,
    )
    assert [one.sources for one in chosen(news, setting)] == [1, 1]


def test_numbers_that_count_other_things_are_no_conflict() -> None:
    trams = told("The Lindmouth storm hit 12 trams, police said.", 4, "Courier")
    homes = told("The Lindmouth storm hit 90 homes, police said.", 4, "Herald")
    assert not any(one.conflict for one in chosen(trams, homes))


def test_reports_that_one_outlet_gives_the_original_of_are_no_conflict_of_outlets() -> None:
    wire = told("Seven people died in the Lindmouth storm, police said.", 4, "Herald")
    copy = replace(wire, article=replace(wire.article, id="copy", source="Courier"))
    articles = {one.article.id: one.article for one in (wire, copy)}
    carriers = {"copy": ("Herald-4", "copy"), "Herald-4": ("Herald-4", "copy")}
    nine = replace(NINE, article=replace(NINE.article, id="nine"))
    articles["nine"] = nine.article
    shown = choose([copy, nine], Choice(3, lambda id: carriers.get(id, (id,)), articles.__getitem__))
    assert [one.article.source for one in shown] == ["Herald", "Herald"]
    assert not any(one.conflict for one in shown)
