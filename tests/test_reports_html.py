"""The report as one HTML file: what it says, in which order, and that nothing in it can act."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from harness import QUOTE, TEXT, a_case, a_report, an_outcome, known, report_of
from hostile import CONTROLS, a_hostile_report
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case
from eval.comparison import compare
from eval.metrics import Metric
from eval.report import Report
from eval.reports import figures, plots
from eval.reports.html import compared_html, html
from eval.reports.quoting import AROUND, quoted
from eval.reports.ranking import ranked
from eval.scores import Score
from rag.records import Answer, Citation, Usage

OUTSIDE = re.compile(
    r"""(?:\bsrc|\bhref|\bsrcset|\baction)\s*=\s*["']?\s*(?!#)([^"'\s>]+)|@import|url\(""", re.IGNORECASE
)


class Reader(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def text_of(page: str) -> str:
    return " ".join(" ".join(Reader(page).words).split())


def cited(start: int, end: int, quote: str, url: str | None = None) -> Citation:
    return Citation(1, "a1", 1, "T", url, None, None, start, end, quote)


def test_a_report_says_who_answered_how_many_cases_there_are_and_where_it_comes_from():
    page = text_of(html(report_of(known, a_case("cost"), a_case("colour", answerable=False))))
    for told in (
        "small 1",
        "extractive · 2 cases, none failed",
        "seed 0",
        "commit",
        "hit@1 a gold article is found first",
    ):
        assert told in page


def test_a_metric_that_a_null_system_wins_says_that_it_shows_nothing():
    report = a_report(an_outcome("a", hit_at_1=0.5), an_outcome("b", hit_at_1=0.5))
    won = replace(report, nulls={"copy": {"hit@1": Metric(0.5, None, None, 2, 0)}})
    lost = replace(report, nulls={"copy": {"hit@1": Metric(0.4, None, None, 2, 0)}})
    assert "copy does as well or better: by itself it shows nothing." in text_of(html(won))
    assert "shows nothing" not in text_of(html(lost))


def test_what_was_not_scored_is_told_apart_from_zero():
    page = text_of(html(a_report(an_outcome("a", hit_at_1=0.0), an_outcome("b"))))
    assert "at worst: hit@1" in page
    assert "hit@1 0" in page
    assert "Not scored, which is no zero: hit@1" in page
    assert "0 yes · 1 no · 1 not scored" in page


def test_cases_come_failed_first_then_by_how_many_scores_are_at_their_worst():
    report = a_report(
        an_outcome("fine", hit_at_1=1.0, mrr=1.0),
        an_outcome("obeys", injection_obeyed=1.0),
        an_outcome("half", mrr=0.5),
        an_outcome("wrong", hit_at_1=0.0, mrr=0.0),
        an_outcome("broken", error="boom"),
    )
    assert [one.outcome.case.id for one in ranked(report)] == ["broken", "wrong", "obeys", "half", "fine"]
    found = re.findall(r'<span class="standing"><span dir="auto">(\w+)', html(report))
    assert found == ["broken", "wrong", "obeys", "half", "fine"]


def test_time_and_tokens_never_fall_short():
    (one,) = ranked(a_report(an_outcome("a", seconds=9.0, tokens=0.0)))
    assert (one.worst, one.below) == ((), ())


def test_a_measure_at_its_worst_in_every_case_is_held_against_none():
    report = a_report(an_outcome("a", answer_exact=0.0, mrr=0.0), an_outcome("b", answer_exact=0.0, mrr=1.0))
    assert [(one.outcome.case.id, one.worst) for one in ranked(report)] == [("a", ("mrr",)), ("b", ())]


def test_a_quote_stands_in_the_words_around_it_and_its_number_leads_to_it():
    page = html(report_of(known, a_case("cost")))
    assert f"<mark>{QUOTE}</mark>" in page
    assert "The bridge opened on Monday. " + f"</span><mark>{QUOTE}" in page
    assert re.findall(r'href="#(c1-1)"', page)[0] in re.findall(r'class="source" id="([^"]+)"', page)
    assert "It fell." in page
    assert "not in the cited words" in page


@given(st.text(min_size=1, max_size=700), st.data())
def test_what_surrounds_a_quote_is_the_articles_own_and_within_its_length(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = quoted(cited(start, end, text[start:end]), {("a1", 1): text})
    assert found.fault is None
    before, after = found.before.removeprefix("…").removeprefix(" "), found.after.removesuffix("…").removesuffix(" ")
    assert before in text[:start]
    assert after in text[end:]
    assert max(len(found.before), len(found.after)) <= AROUND + 2


@pytest.mark.parametrize(
    ("citation", "texts", "fault"),
    [
        (cited(0, 3, "The"), {}, "does not hold this article"),
        (cited(0, 3, "the"), {("a1", 1): TEXT}, "Not verbatim: characters 0 to 3"),
        (cited(-4, 3, "The"), {("a1", 1): TEXT}, "Not verbatim: the article has no characters -4 to 3"),
        (cited(0, 999, TEXT), {("a1", 1): TEXT}, "Not verbatim: the article has no characters 0 to 999"),
    ],
)
def test_a_quote_that_is_not_verbatim_says_so(citation, texts, fault):
    found = quoted(citation, texts)
    assert fault in (found.fault or "")
    assert (found.before, found.after) == ("", "")


@pytest.mark.parametrize(
    ("url", "link"), [("https://a.example/x", True), ("javascript:alert(1)", False), (None, False)]
)
def test_only_an_address_of_the_web_is_a_link(url, link):
    assert bool(quoted(cited(0, 3, "The", url), {("a1", 1): TEXT}).link) is link


def test_hostile_words_make_no_element_and_load_nothing():
    page = html(a_hostile_report(), earlier=[a_hostile_report()])
    reader = Reader(page)
    tags = [tag for tag, _ in reader.tags]
    assert not {"img", "iframe", "object", "link", "base"} & set(tags)
    assert (tags.count("script"), tags.count("style")) == (1, 1)
    assert [name for _, given in reader.tags for name in given if name.startswith("on") or name == "style"] == []
    addresses = {given["href"] for _, given in reader.tags if given.get("href")}
    assert all(address.startswith("#") for address in addresses)
    assert "{{ 7 * 7 }}" in text_of(page)
    (policy,) = (given["content"] for _, given in reader.tags if "http-equiv" in given)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_what_cannot_be_written_is_replaced():
    page = html(a_hostile_report())
    assert not set(CONTROLS) & set(page)
    page.encode("utf-8")


def test_two_runs_are_needed_for_a_plot_from_run_to_run():
    report = replace(a_report(an_outcome("a", grounded=1.0)), started="2024-05-02T10:00:00")
    before = replace(a_report(an_outcome("a", grounded=0.0)), started="2024-05-01T10:00:00")
    assert "From run to run" not in html(report, earlier=[report])
    page = html(report, earlier=[report, before])
    assert "2024-05-01 10:00: 0.000; 2024-05-02 10:00: 1.000" in page


def paid(started: str, cost: float | None) -> Report:
    """A run of one right answer, by a model that cost so much."""

    def system(case: Case) -> Answer:
        return replace(known(case), usage=Usage(10, 2, cost))

    return replace(report_of(system, a_case("c")), started=started)


def test_runs_are_numbered_in_a_plot_as_in_the_list_beside_it():
    runs = [paid("2024-05-01", 0.01), paid("2024-05-02", None), paid("2024-05-03", 0.04)]
    (panel, _) = figures.cost_against_quality(runs, runs[2])
    assert "0.04 $ a case" in panel.drawing
    # What the second cost is unknown: it has no place, and the third keeps its number.
    assert re.findall(r'class="figure"[^>]*>(\d+)<', panel.drawing) == ["1", "3"]


def test_where_nothing_costs_a_run_is_set_at_the_seconds_it_took():
    report = report_of(lambda case: replace(known(case), usage=None), a_case("c"))
    assert "0.25 s a case" in html(report)


@pytest.mark.parametrize("share", [True, False])
@given(st.lists(st.floats(0, 1), max_size=40))
def test_every_value_is_in_one_bin_of_a_histogram(share, values):
    drawing = plots.histogram(values, share=share)
    told = re.search(r'aria-label="Cases: ([^"]*)"', drawing)
    assert told
    assert sum(int(part.split()[0]) for part in told[1].split(", ") if part != "none") == len(values)


@given(st.lists(st.sampled_from([0.0, 1.0]), max_size=30), st.integers(0, 30))
def test_a_bar_is_as_wide_as_its_counts(values, unscored):
    widths = [
        float(width) + 1 for width in re.findall(r' width="([\d.]+)" height="12', plots.yes_no(values, unscored))
    ]
    assert sum(widths) == pytest.approx(plots.WIDTH if values or unscored else 0, abs=0.3)


def test_a_comparison_shows_what_got_worse_and_the_cases_worst_first():
    before = a_report(*(an_outcome(f"c{n}", hit_at_1=1.0, mrr=0.5) for n in range(30)))
    after = a_report(*(an_outcome(f"c{n}", hit_at_1=0.0 if n < 20 else 1.0, mrr=0.5) for n in range(30)))
    page = text_of(compared_html(compare(before, after)))
    assert "got worse" in page
    assert "hit@1 worse" in page
    assert page.index("c0 hit@1 1.000 0.000") < page.index("c9 hit@1 1.000 0.000")
    assert "nothing got worse beyond its interval" in text_of(compared_html(compare(before, before)))


def test_a_comparison_of_hostile_reports_makes_no_element():
    report = a_hostile_report()
    spoilt = [replace(one, scores={name: Score(0.0) for name in one.scores}) for one in report.outcomes]
    reader = Reader(compared_html(compare(report, replace(report, outcomes=tuple(spoilt)))))
    assert [tag for tag, _ in reader.tags if tag in ("script", "img", "svg")].count("script") == 1
    assert "img" not in {tag for tag, _ in reader.tags}


def test_nothing_outside_is_named_in_what_a_page_is_made_of():
    page = html(report_of(known, a_case("cost"), a_case("colour", answerable=False)))
    assert [found.group() for found in OUTSIDE.finditer(page)] == []
