"""Summaries on the page in a real Chromium: choose, summarise, press a number, read the quoted words, keep a file.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import CONTRAST, IN_VIEW, PHONE, SIDEWAYS, Visit, served, visiting
from places import go_to
from ui_records import PLANT, TOUR

from rag.summary import STYLES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = (
    'Someone painted "<script>alert(1)</script> <img src=x onerror=alert(2)> ![x](//outside.example/x.png)" on it.'
)
ARTICLE = {
    "id": "paint",
    "title": "Town hall </textarea><b>painted</b> <img src=x onerror=alert(3)>",
    "text": f"{HOSTILE} ${{alert(4)}} {{{{this}}}} stood below it on the wall of the hall in red.",
    "source": "<i>Town</i> Paper",
    "url": "javascript:alert(5)",
    "published_at": "2025-01-16T09:00:00Z",
}
SERVE_SEEDS = """
import sys
from importlib.resources import files
from rag import Archive
from ui.serving.server import serve
with Archive.open(sys.argv[1], model="extractive") as archive:
    report = archive.ingest([str(files("seeds")), sys.argv[2]])
    assert not report.failed, report
    serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""
SERVE_FORMS = """
import sys
sys.path.insert(0, "tests")
from ui_summaries import Desk
from ui.serving.server import serve
serve(Desk(), port=0, ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample articles and a hostile one."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "paint.jsonl").write_text(json.dumps(ARTICLE), "utf-8")
    with served(SERVE_SEEDS, str(folder / "archive"), str(folder / "paint.jsonl")) as address:
        yield address


@pytest.fixture(scope="module")
def forms() -> Iterator[str]:
    """Summaries made by hand, one of each form."""
    with served(SERVE_FORMS) as address:
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, seeds: str) -> Iterator[Visit]:
    with visiting(browser, seeds, getattr(request, "param", {})) as visit:
        go_to(visit.page, "Summaries")
        yield visit


@pytest.fixture
def desk(request: pytest.FixtureRequest, browser: Browser, forms: str) -> Iterator[Visit]:
    with visiting(browser, forms, getattr(request, "param", {})) as visit:
        go_to(visit.page, "Summaries")
        yield visit


def summarise(visit: Visit, about: str = "", *, form: str = "Paragraph", **fields: str) -> None:
    """Fill in the form and have it done."""
    visit.page.get_by_label("About").fill(about)
    for label, value in fields.items():
        visit.page.get_by_label(label, exact=True).fill(value)
    visit.page.locator("#form label", has_text=form).click()
    visit.page.get_by_role("button", name="Summarise").click()
    visit.page.wait_for_selector("#summary :is(.summary, .error)")


def press(visit: Visit, number: int) -> None:
    visit.page.locator(f"#summary a.cite[data-number='{number}']").first.click()
    visit.page.wait_for_selector(f"#panel .sources[data-turn='summary'] mark.current[data-numbers~='{number}']")


@pytest.mark.parametrize("form", [style.capitalize() for style in STYLES])
def test_every_number_of_a_summary_leads_to_the_words_it_stands_behind(visit, form):
    summarise(visit, form=form, Length="3")
    assert " articles used" in visit.page.locator("#summary .coverage").inner_text()
    statements = visit.page.locator("#summary .statement").all()
    assert statements
    for statement in statements:
        number = int(statement.locator("a.cite").first.inner_text())
        press(visit, number)
        # Without a model a sentence of the summary is the sentence it quotes.
        assert statement.text_content().startswith(visit.marked())
        assert visit.page.evaluate(IN_VIEW)
    visit.shot(f"summary-{form.lower()}")


def test_a_summary_keeps_to_the_length_asked_for(visit):
    summarise(visit, "dock strike", Length="4")
    assert visit.page.locator("#summary .statement").count() == 4
    assert "4 sentences" in visit.page.locator("#summary .coverage").inner_text()


def test_a_period_and_an_outlet_limit_what_is_summarised(visit):
    visit.page.get_by_label("Outlet").click()
    visit.page.get_by_role("option", name="Saltmere Chronicle").click()
    summarise(visit, From="2025-02-06", To="2025-02-07")
    outlets = visit.page.locator("#panel .outlet").all_inner_texts()
    assert set(outlets) == {"Saltmere Chronicle"}
    assert set(visit.page.locator("#panel .card .date").all_inner_texts()) <= {"6 February 2025", "7 February 2025"}


def test_a_story_is_chosen_by_one_of_its_articles(visit):
    visit.page.get_by_label("Story of").click()
    visit.page.get_by_role("option", name="Dock strike cost Saltmere").click()
    summarise(visit, Length="4")
    titles = visit.page.locator("#panel .card .title").all_inner_texts()
    assert len(titles) > 1
    assert all(re.search("Saltmere|dock|strike", title) for title in titles)


def test_the_titles_to_choose_from_are_text(visit):
    visit.page.get_by_label("Story of").click()
    visit.page.get_by_role("option", name=ARTICLE["title"]).wait_for()
    assert visit.page.locator("gradio-app :is(b, script, iframe, img)").count() == 0


def test_what_an_article_says_is_text_whatever_it_looks_like(visit):
    visit.page.get_by_label("Outlet").click()
    visit.page.get_by_role("option", name="Town").click()
    summarise(visit)
    press(visit, 1)
    assert visit.marked() == HOSTILE
    assert visit.page.locator("gradio-app :is(#panel, #summary, #form) :is(img, script, iframe, b, i)").count() == 0
    assert visit.page.locator(".card a[href]").count() == 0


@pytest.mark.parametrize(
    ("about", "fields", "line"),
    [
        ("", {"From": "2025-02-02", "To": "2025-02-01"}, "The period ends before it starts"),
        ("", {"Length": "none"}, "The length is 'none'"),
        ("", {"Length": "0"}, "must be at least 1"),
        ("why " * 1_100, {}, "at most 4,000 are read"),
    ],
)
def test_what_makes_no_sense_gets_one_line(visit, about, fields, line):
    summarise(visit, about, **fields)
    assert line in visit.page.locator("#summary .error").inner_text()
    assert "Traceback" not in visit.page.locator("body").inner_text()


def test_days_are_typed_in_the_readers_own_order_and_limit_what_is_read(visit):
    since = visit.page.get_by_label("From", exact=True)
    since.press_sequentially("01312990")
    assert (since.get_attribute("type"), since.input_value()) == ("date", "2990-01-31")
    summarise(visit)
    assert "no article to summarise" in visit.page.locator("#summary .refusal").inner_text()
    visit.page.set_viewport_size({"width": 1000, "height": 700})
    boxes = [visit.page.get_by_label(name, exact=True).bounding_box() for name in ("From", "To")]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]


def test_nothing_to_summarise_is_said(visit):
    summarise(visit, From="1990-01-01", To="1990-01-02")
    assert "no article to summarise" in visit.page.locator("#summary .refusal").inner_text()


@pytest.mark.parametrize(("form", "suffix"), [("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")])
def test_a_summary_is_kept_as_a_file_with_its_quotes(visit, form, suffix):
    summarise(visit, "dock strike", Length="2")
    press(visit, 1)
    for _ in range(2):
        with visit.page.expect_download() as download:
            visit.page.locator("#summary").get_by_role("button", name=form).click()
        text = Path(download.value.path()).read_text("utf-8")
        assert download.value.suggested_filename == f"summary-dock-strike{suffix}"
        assert visit.marked() in text


def test_an_answer_is_kept_as_a_file_with_its_quotes(visit):
    visit.page.get_by_role("tab", name="Ask").click()
    visit.ask("How much did the dock strike cost?")
    with visit.page.expect_download() as download:
        visit.page.locator("#turn-1").get_by_role("button", name="Markdown").click()
    assert download.value.suggested_filename == "how-much-did-the-dock-strike-cost.md"
    assert visit.marked() in Path(download.value.path()).read_text("utf-8")


def test_answers_and_the_summary_keep_their_own_sources(desk):
    summarise(desk)
    desk.page.get_by_role("tab", name="Ask").click()
    desk.ask("Who?")
    go_to(desk.page, "Summaries")
    press(desk, 2)
    assert desk.marked() == "The train left at four."
    desk.page.get_by_role("tab", name="Ask").click()
    desk.press(PLANT)
    assert desk.marked() == PLANT


def test_a_timeline_has_its_days_in_order_each_with_its_numbers(desk):
    summarise(desk, form="Timeline")
    assert desk.page.locator("#summary .timeline .heading").all_inner_texts() == [
        "14 September 2023",
        "15 September 2023",
    ]
    press(desk, 1)
    assert desk.marked() == PLANT
    desk.shot("timeline")


def test_a_digest_has_its_stories_and_their_outlets(desk):
    summarise(desk, form="Digest")
    assert desk.page.locator("#summary .heading").first.inner_text() == TOUR.title
    assert desk.page.locator("#summary .outlets").first.inner_text() == "Amur Courier, Northern Post"
    desk.shot("digest")


def test_coverage_is_shown_and_what_is_left_out_is_one_click_away(desk):
    summarise(desk)
    assert "3 of 4 main points told" in desk.page.locator("#summary .coverage").inner_text()
    left_out = desk.page.locator("#summary .left-out li")
    assert not left_out.is_visible()
    desk.page.get_by_text("1 article left out").click()
    assert left_out.inner_text() == "Plant has a guest: carries the same report as 'tour'"


def test_the_keyboard_alone_makes_a_summary_and_reads_a_quote(desk):
    desk.page.get_by_label("About").focus()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_selector("#summary .summary")
    desk.page.locator("#summary a.cite").first.focus()
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.matches('mark.current')")
    desk.page.keyboard.press("Escape")
    assert desk.page.evaluate("document.activeElement.matches('#summary a.cite')")


def test_after_a_fault_one_line_is_shown_and_the_next_summary_comes(desk):
    summarise(desk, "break")
    assert "Something went wrong" in desk.page.locator("#summary .error").inner_text()
    desk.page.get_by_label("About").fill("")
    desk.page.get_by_role("button", name="Summarise").click()
    desk.page.wait_for_selector("#summary .summary")


def test_a_summary_that_takes_long_says_how_far_it_is_and_can_be_stopped(desk):
    desk.page.get_by_label("About").fill("wait")
    desk.page.get_by_role("button", name="Summarise").click()
    desk.page.get_by_text("0 of 2 calls made").wait_for()
    assert not desk.page.get_by_role("button", name="Summarise").is_visible()
    desk.page.locator("#form").get_by_role("button", name="Stop").click()
    desk.page.wait_for_selector("#summary .error")
    assert desk.page.locator("#summary").inner_text() == "Stopped before the summary was written."
    summarise(desk)
    assert PLANT in desk.page.locator("#summary .summary").inner_text()


@pytest.mark.parametrize("desk", [{"size": PHONE}], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(desk):
    assert desk.page.evaluate(SIDEWAYS) <= 0
    for form in ("Digest", "Timeline"):
        summarise(desk, form=form)
        desk.page.wait_for_selector(f"#summary .{form.lower()}")
        assert desk.page.evaluate(SIDEWAYS) <= 0
        # The form fills the window: what came of it is gone to.
        assert 0 <= desk.page.locator("#summary .summary").bounding_box()["y"] <= PHONE[1] / 2
    desk.shot("phone-timeline")
    press(desk, 1)
    assert desk.page.evaluate(IN_VIEW)


@pytest.mark.parametrize("desk", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(desk, request):
    desk.page.get_by_label("Outlet").click()
    assert desk.page.evaluate(CONTRAST) == []
    desk.page.keyboard.press("Escape")
    for form in ("Differences", "Timeline"):
        summarise(desk, form=form)
        desk.page.wait_for_selector(f"#summary .{form.lower()}")
    for details in desk.page.locator("#summary details").all():
        details.locator("summary").click()
    assert desk.page.evaluate(CONTRAST) == []
    desk.shot(f"summary-{request.node.callspec.id}")
