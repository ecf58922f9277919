"""Null systems: what they say, and that a report tells where one of them does as well."""

import pytest
from harness import CONTEXT, QUOTE, TEXT, a_case, good_answer, known, refusal, report_of

from eval.measures import MEASURES
from eval.report import beaten_by, metrics
from eval.reports.terminal import table
from eval.systems.nulls import NULLS

ARTICLES = [("a1", 1)]


def said(name, case=None, output=None, articles=ARTICLES):
    case = case or a_case("a")
    return NULLS[name](case, output, CONTEXT, articles)


def test_what_each_null_system_says():
    found = good_answer(a_case("a"))
    told = {name: [statement.text for statement in said(name, output=found).statements] for name in NULLS}
    sentences = ["The bridge opened on Monday.", QUOTE]
    assert told == {
        "empty": [],
        "refuse": [],
        "copy": sentences,
        "cite_all": sentences[:1],
        "chance": sentences,
    }
    assert [name for name in NULLS if said(name, output=found).refusal] == ["refuse"]


@pytest.mark.parametrize("name", NULLS)
@pytest.mark.parametrize("output", [None, refusal(a_case("a")), good_answer(a_case("a"))])
def test_their_quotes_are_exact_whatever_the_system_found(name, output):
    answer = said(name, output=output)
    assert all(TEXT[citation.start : citation.end] == citation.quote for citation in answer.citations)
    numbers = {citation.number for citation in answer.citations}
    assert all(set(statement.citations) <= numbers for statement in answer.statements)


def test_without_articles_they_say_nothing():
    assert not any(said(name, articles=[]).statements for name in NULLS)


def test_chance_says_the_same_of_the_same_case():
    assert said("chance") == said("chance")


def test_a_report_says_which_metric_a_null_system_does_as_well_on():
    report = report_of(known, a_case("a"), a_case("no", answerable=False))
    reached = metrics(report)
    assert beaten_by(report, "refusal", reached["refusal"]) == []
    assert beaten_by(report, "refusal_recall", reached["refusal_recall"]) == ["refuse"]
    assert beaten_by(report, "grounded", reached["grounded"]) == ["copy", "cite_all", "chance"]
    assert "grounded (copy, cite_all, chance)" in " ".join(table(report).split())


def test_what_hangs_on_the_clock_is_not_compared_with_null_systems():
    report = report_of(known, a_case("a"))
    assert all("seconds" not in reached for reached in report.nulls.values())
    assert {name for reached in report.nulls.values() for name in reached} < set(MEASURES)
