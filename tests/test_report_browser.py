"""The report's page in a real Chromium, from a file, with nothing to reach: read, filtered, at the width of a phone.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import CONTRAST, DESKTOP, SCREENSHOTS, SIDEWAYS
from hostile import HUGE, NASTY, a_hostile_report

from eval.comparison import compare
from eval.report import Report, Settings
from eval.reports.html import compared_html, html
from eval.running.runner import Running, run
from eval.scores import Score
from eval.suite import load_suite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NARROW = (360, 780)
PAPER = CONTRAST.replace("gradio-app *", "body *")
"""The page's own text; the other pages of ours are in an element of Gradio's."""
SIZES = pytest.mark.parametrize("size", [DESKTOP, NARROW], ids=["desktop", "phone"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A real run over the first of the shipped cases, and one case that failed."""
    folder = tmp_path_factory.mktemp("runs")
    real = run(load_suite("seeds"), Settings(limit=20), Running(archive=folder / "archive", runs=folder))
    broken = replace(real.outcomes[-1], output=None, error="gave nothing within 600 s")
    return replace(real, outcomes=(*real.outcomes[:-1], broken))


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Open:
    """Opens a page from a file; nothing that should never happen did, when it closes."""

    @contextmanager
    def opened(
        page_text: str, *, size: tuple[int, int] = DESKTOP, scheme: str = "light", script: bool = True
    ) -> Iterator[Page]:
        file = tmp_path / "report.html"
        file.write_text(page_text, encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            java_script_enabled=script,
            offline=True,
        )
        wrong: list[str] = []
        page = context.new_page()
        page.on("request", lambda one: wrong.append(one.url) if one.url.partition("#")[0] != file.as_uri() else None)
        page.on("console", lambda one: wrong.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(file.as_uri())
        yield page
        context.close()
        assert wrong == []

    return opened


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


@SIZES
@SCHEMES
def test_hostile_words_do_nothing_and_fit_the_page(opened, size, scheme):
    with opened(html(a_hostile_report(), earlier=[a_hostile_report()]), size=size, scheme=scheme) as page:
        open_all(page)
        assert page.title() != "taken"
        assert page.locator("img, iframe, main script").count() == 0
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.locator(".case").count() == 4
        assert page.evaluate(PAPER) == []


@SIZES
def test_a_hostile_comparison_does_nothing_and_fits_the_page(opened, size):
    report = a_hostile_report()
    spoilt = tuple(replace(one, scores={name: Score(0.0) for name in one.scores}) for one in report.outcomes)
    with opened(compared_html(compare(report, replace(report, outcomes=spoilt))), size=size) as page:
        open_all(page)
        assert page.locator("img, main script").count() == 0
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(PAPER) == []


@SIZES
@SCHEMES
def test_a_real_report_is_readable_at_any_width_and_by_any_light(opened, report, size, scheme, request):
    with opened(
        html(report, earlier=[replace(report, started="2024-05-01T10:00:00")]), size=size, scheme=scheme
    ) as page:
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"report-{request.node.callspec.id}.png")
        assert page.evaluate(SIDEWAYS) <= 0
        open_all(page)
        assert page.evaluate(SIDEWAYS) <= 0
        assert page.evaluate(PAPER) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_words_marked_are_the_quotes_of_every_citation(opened, report, script):
    outputs = {outcome.case.id: outcome.output for outcome in report.outcomes if outcome.output}
    assert sum(len(output.citations) for output in outputs.values()) > 10
    with opened(html(report), script=script) as page:
        for case in page.locator(".case").all():
            id = case.locator(".standing span").first.text_content()
            quotes = [citation.quote for citation in outputs[id].citations] if id in outputs else []
            assert case.locator("mark").all_text_contents() == quotes
            around = case.locator("blockquote").all_text_contents()
            texts = "\n".join(report.texts.values())
            assert all(words.strip("… ") in texts for words in around)


def test_every_number_leads_to_its_source(opened, report):
    with opened(html(report)) as page:
        page.get_by_role("button", name="Open all shown").click()
        numbers = page.locator("a.cite").all()
        assert numbers
        for number in numbers[:10]:
            number.click()
            assert page.locator(".source:target .cite").text_content() == number.text_content()


def test_cases_are_filtered_from_the_keyboard(opened, report):
    ids = [outcome.case.id for outcome in report.outcomes]
    with opened(html(report)) as page:
        page.get_by_label("Words").focus()
        page.keyboard.type(ids[3])
        assert page.locator(".case:visible").count() == 1
        assert page.locator("#count").text_content() == "1 of 20 cases shown, failed and worst first."
        page.keyboard.press("Enter")
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        page.get_by_label("Below its best").focus()
        page.keyboard.type("failed to")
        assert page.locator(".case:visible").count() == 1
        page.locator(".case:visible summary").focus()
        page.keyboard.press("Enter")
        assert "gave nothing within 600 s" in page.locator(".case:visible .fault").inner_text()


@pytest.mark.parametrize("metric", ["cites_gold", "answer_match", "refusal"])
def test_the_filter_by_metric_leaves_what_is_below_its_best(opened, report, metric):
    below = [one for one in report.outcomes if one.scores[metric].value not in (None, 1.0)]
    with opened(html(report)) as page:
        page.get_by_label("Below its best").select_option(metric)
        assert page.locator(".case:visible").count() == len(below)
        assert page.locator("#count").text_content().startswith(f"{len(below)} of 20")


def test_the_filter_by_tag_leaves_the_cases_that_carry_it_whatever_it_is(opened):
    nasty = a_hostile_report()
    tagged = replace(nasty.outcomes[0], case=replace(nasty.outcomes[0].case, tags=('"]&quot;', "facts")))
    with opened(html(replace(nasty, outcomes=(tagged, *nasty.outcomes[1:])))) as page:
        page.get_by_label("Tag").select_option('"]&quot;')
        assert page.locator(".case:visible").count() == 1
        page.get_by_label("Words").fill("no such words")
        assert page.locator("#count").text_content().startswith("0 of 4")


def test_without_a_script_every_case_can_be_read(opened, report):
    with opened(html(report), script=False) as page:
        assert page.locator(".filters").is_hidden()
        assert page.get_by_text("Filters need a script").is_visible()
        page.locator(".case summary").nth(1).click()
        assert page.locator(".case[open] .inside").is_visible()


def test_a_printed_report_leaves_out_what_can_only_be_pressed(opened, report):
    with opened(html(report)) as page:
        page.emulate_media(media="print")
        assert page.locator(".filters").is_hidden()
        assert page.locator(".metrics").is_visible()
        assert page.pdf()[:4] == b"%PDF"


def test_huge_words_of_one_letter_are_broken(opened):
    with opened(html(a_hostile_report(HUGE)), size=NARROW) as page:
        open_all(page)
        assert page.evaluate(SIDEWAYS) <= 0
    assert NASTY not in HUGE
