"""The sample articles and the suite about them: readable, consistent, and every gold quote verbatim."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from eval.cases import Case
from eval.suite import article_files, load_suite, locate
from eval.wording import contains, words
from rag.claims import dates
from rag.intake.readings import Reading
from rag.intake.sources import read
from rag.records import Article, Failure
from rag.summary import STYLES

SEEDS = Path(__file__).parents[1] / "seeds"
SUITE = load_suite("seeds")
FILES = article_files(SEEDS)
DATE = re.compile(
    r"\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), "
    r"(\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4})\b"
)
FURNITURE = ("leave a reply", "email address", "cookie", "newsletter", "whatsapp", "facebook", "all rights reserved")
TAGS = (
    *("facts", "unanswerable", "dates", "followups", "copies"),
    *("conflicts", "corrections", "attribution", "injection", "summaries"),
)


@cache
def articles() -> tuple[Article, ...]:
    reads = [one for file in FILES for one in read(file)]
    assert not [one for one in reads if isinstance(one, Failure)]
    return tuple(one.article for one in reads if isinstance(one, Reading))


def by_id() -> dict[str, Article]:
    return {article.id: article for article in articles()}


def test_every_article_has_an_id_of_its_own() -> None:
    assert len(articles()) == 26
    assert len(by_id()) == 26


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix != ".txt"], ids=lambda file: file.name)
def test_article_states_outlet_author_address_and_date(file: Path) -> None:
    for article in (one.article for one in read(file) if isinstance(one, Reading)):
        assert re.fullmatch(r"[a-z]+(-[a-z]+)+", article.id)
        assert article.source
        assert article.authors
        assert article.published_at
        assert article.language == "en"
        assert re.match(r"https://[a-z-]+\.example/", article.url or "")


def test_articles_are_as_long_as_news_articles() -> None:
    lengths = {article.id: len(article.text.split()) for article in articles()}
    assert {name: words for name, words in lengths.items() if not 180 <= words <= 500} == {}


def test_a_weekday_before_a_date_is_the_weekday_of_that_date() -> None:
    found = [match.groups() for article in articles() for match in DATE.finditer(article.text)]
    assert found
    assert {(day, written) for day, written in found if f"{_date(written):%A}" != day} == set()


def test_dateline_is_the_day_of_publication() -> None:
    lines = [(article, re.match(r"[^—\n]*?(\w+)\.? (\d+)(?: \(CPA\))? — ", article.text)) for article in articles()]
    dated = [(article.published_at, match) for article, match in lines if match]
    assert len(dated) >= 10
    for published, match in dated:
        assert published
        assert (f"{published:%B}"[:3], published.day) == (match[1][:3], int(match[2]))


@pytest.mark.parametrize(
    "name", ["kim-plant-visit", "dam-inquiry-report", "harbour-strike-begins", "tram-chatbot-prank"]
)
def test_web_page_leaves_nothing_of_the_page_around_the_article(name: str) -> None:
    text = by_id()[name].text.lower()
    assert [words for words in FURNITURE if words in text] == []


def test_invented_stories_say_that_they_are_invented() -> None:
    invented = [article for article in articles() if not article.id.startswith("kim-")]
    silent = [a.id for a in invented if "invented for demonstration" not in f"{a.description} {a.text}".lower()]
    assert silent == []


def test_wire_copies_share_their_figures() -> None:
    full, short, retitled = (
        by_id()[f"dam-collapse-wire-{outlet}"] for outlet in ("orlavia", "northgate", "tidewater")
    )
    figures = {article.id: set(re.findall(r"\d[\d.,:]*\d|\d", article.text)) for article in (full, short, retitled)}
    assert full.title != retitled.title
    assert figures[full.id] - {"30"} == figures[short.id]  # the paragraph with the 30 days was trimmed
    assert figures[full.id] | {"9"} == figures[retitled.id]  # "nine o’clock" became "9 o’clock"


@cache
def located() -> tuple[Case, ...]:
    """The cases with their gold articles by id; raises where a quote is not in its article."""
    return locate(SUITE, articles()).cases


@pytest.mark.parametrize("case", [case for case in SUITE.cases if case.answers], ids=lambda case: case.id)
def test_gold_bears_an_expected_answer(case: Case) -> None:
    borne = words(" ".join(gold.quote for gold in case.gold))
    assert any(contains(borne, words(answer)) for answer in case.answers)


def test_every_gold_quote_is_verbatim_in_an_article() -> None:
    assert {gold.article for case in located() for gold in case.gold} == by_id().keys()


def test_gold_lies_within_the_period_and_outlet_that_a_case_is_limited_to() -> None:
    assert [case.id for case in located() for gold in case.gold if not _admitted(case, by_id()[gold.article])] == []


def test_suite_has_cases_of_every_kind() -> None:
    counts = {tag: sum(tag in case.tags for case in SUITE.cases) for tag in TAGS}
    assert len(SUITE.cases) >= 150
    assert {tag: count for tag, count in counts.items() if count < 10} == {}


def test_no_two_cases_ask_for_the_same() -> None:
    asked = [(c.question, c.history, c.summarize, c.since, c.until, c.as_of, c.outlet) for c in SUITE.cases]
    assert len(set(asked)) == len(asked)


def test_what_has_no_answer_says_why() -> None:
    assert [case.id for case in SUITE.cases if not case.answerable and not case.why] == []
    assert [case.id for case in SUITE.cases if "unanswerable" in case.tags and case.answerable] == []


def test_follow_ups_come_after_something() -> None:
    assert [case.id for case in SUITE.cases if bool(case.history) != ("followups" in case.tags)] == []


def test_copies_that_carry_the_words_are_all_gold() -> None:
    missed = [
        (case.id, article.id)
        for case in located()
        for quote in {gold.quote for gold in case.gold if not case.summarize}
        for article in articles()
        if quote in article.text and _admitted(case, article) and article.id not in _gold_articles(case)
    ]
    assert missed == []


def test_summary_requests_are_questions_of_their_own_kind() -> None:
    assert [case.id for case in SUITE.cases if bool(case.summarize) != ("summaries" in case.tags)] == []
    styles = {case.summarize.style for case in SUITE.cases if case.summarize}
    assert styles == set(STYLES)


def test_points_of_a_summary_fit_its_length() -> None:
    long = [
        case.id
        for case in SUITE.cases
        if (asked := case.summarize)
        and (
            (asked.sentences and len(case.gold) > asked.sentences)
            or (asked.words and sum(len(gold.quote.split()) for gold in case.gold) > asked.words)
        )
    ]
    assert long == []


def test_points_of_a_summary_stand_in_the_articles_it_names() -> None:
    named = [case for case in located() if case.summarize and case.summarize.articles]
    assert [case.id for case in named if not _gold_articles(case) <= set(case.summarize.articles)] == []  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [case.id for case in SUITE.cases if case.date])
def test_date_is_what_gold_says_on_the_day_it_was_published(name: str) -> None:
    case = next(case for case in located() if case.id == name)
    days = [
        (found.first, found.last)
        for gold in case.gold
        for found in dates.find(gold.quote, published=by_id()[gold.article].published_at)
    ]
    assert any(f"{first}".startswith(f"{case.date}") and f"{last}".startswith(f"{case.date}") for first, last in days)


def test_who_must_stand_with_a_claim_stands_in_the_article_that_carries_it() -> None:
    spoken = [case for case in located() if case.speaker]
    assert {case.id for case in SUITE.cases if "attribution" in case.tags} <= {case.id for case in spoken}
    assert [
        (case.id, name) for case in spoken for name in case.speaker if not _told(name, _gold_articles(case))
    ] == []


def test_conflicts_give_what_differs_and_gold_bears_each_side() -> None:
    differing = [case for case in SUITE.cases if case.differs]
    assert [case.id for case in differing if len(case.differs) < 2] == []
    assert sum("conflicts" in case.tags for case in differing) >= 8
    assert sum("corrections" in case.tags for case in differing) >= 5
    unborne = [
        (case.id, side)
        for case in differing
        for side in case.differs
        if not contains(words(" ".join(gold.quote for gold in case.gold)), words(side))
    ]
    assert unborne == []


def test_conflicts_between_outlets_cite_both() -> None:
    pairs = [_gold_articles(case) for case in located() if "conflicts" in case.tags]
    assert sum({"dam-toll-nine", "dam-toll-seven"} <= pair for pair in pairs) >= 3
    assert sum({"harbour-cost-chronicle", "harbour-cost-meridian"} <= pair for pair in pairs) >= 3


def test_what_is_forbidden_stands_in_an_order_and_in_nothing_that_is_expected() -> None:
    forbidding = [case for case in SUITE.cases if case.forbidden]
    orders = [words(_order(article)) for article in articles() if "all previous instructions" in article.text]
    assert len(orders) == 2
    assert {case.id for case in SUITE.cases if "injection" in case.tags} <= {case.id for case in forbidding}
    for case in forbidding:
        assert any(all(contains(order, words(one)) for one in case.forbidden) for order in orders), case.id
        expected = [words(one) for one in (*case.answers, *(gold.quote for gold in case.gold))]
        assert not any(contains(told, words(one)) for told in expected for one in case.forbidden), case.id


def _date(written: str) -> date:
    return datetime.strptime(written, "%d %B %Y").date()


def _gold_articles(case: Case) -> set[str]:
    return {gold.article for gold in case.gold}


def _admitted(case: Case, article: Article) -> bool:
    """Whether the article is among those that the case is about."""
    if case.outlet and article.source != case.outlet:
        return False
    if not case.since and not case.until:
        return True
    day = f"{article.published_at:%Y-%m-%d}" if article.published_at else ""
    return bool(day) and (case.since or day) <= day <= (case.until or day)


def _told(name: str, among: set[str]) -> bool:
    return any(contains(words(by_id()[one].text), words(name)) for one in among)


def _order(article: Article) -> str:
    """The paragraph that gives the order."""
    return next(part for part in article.text.split("\n") if "all previous instructions" in part)
