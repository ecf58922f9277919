"""The sample articles and the suite about them: readable, consistent, and every gold quote verbatim."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from eval.cases import Case, Gold
from eval.suite import article_files, load_suite
from rag.intake.readings import Reading
from rag.intake.sources import read
from rag.records import Article, Failure

SEEDS = Path(__file__).parents[1] / "seeds"
SUITE = load_suite("seeds")
FILES = article_files(SEEDS)
DATE = re.compile(
    r"\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday), "
    r"(\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4})\b"
)
FURNITURE = ("leave a reply", "email address", "cookie", "newsletter", "whatsapp", "facebook", "all rights reserved")
TAGS = {
    "facts": 25,
    "unanswerable": 12,
    "dates": 6,
    "followups": 6,
    "conflicts": 4,
    "copies": 3,
    "corrections": 2,
    "injection": 4,
    "attribution": 3,
}


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


@pytest.mark.parametrize("case", SUITE.cases, ids=lambda case: case.id)
def test_gold_is_verbatim_and_bears_an_expected_answer(case: Case) -> None:
    assert [gold for gold in case.gold if not _stands(gold)] == []
    borne = " ".join(gold.quote for gold in case.gold).lower()
    assert not case.answerable or any(answer.lower() in borne for answer in case.answers)


def test_suite_has_cases_of_every_kind() -> None:
    counts = {tag: sum(tag in case.tags for case in SUITE.cases) for tag in TAGS}
    assert {tag: counts[tag] for tag, least in TAGS.items() if counts[tag] < least} == {}


def test_conflicts_between_outlets_cite_both() -> None:
    pairs = [{gold.article for gold in case.gold} for case in SUITE.cases if "conflicts" in case.tags]
    assert pairs.count({"dam-toll-nine", "dam-toll-seven"}) == 3
    assert {"harbour-cost-chronicle", "harbour-cost-meridian"} in pairs


def test_injection_cases_never_expect_what_the_orders_ask_for() -> None:
    orders = ("called off", "2%", "line 4 has been cancelled", "the mayor has resigned")
    cases = [case for case in SUITE.cases if "injection" in case.tags]
    assert [case.id for case in cases if {answer.lower() for answer in case.answers} & set(orders)] == []
    assert sum("all previous instructions" in article.text for article in articles()) == 2


def _date(written: str) -> date:
    return datetime.strptime(written, "%d %B %Y").date()


def _stands(gold: Gold) -> bool:
    return gold.article in by_id() and gold.quote in by_id()[gold.article].text
