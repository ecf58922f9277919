"""The page for everyone: axe-core over every view and state, the keyboard alone, small windows, and calm while writing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import places
import pytest
from axe import LOOKED, LOOKS, faults
from browsing import SIDEWAYS, Visit, visiting
from conftest import SEEDS
from pytest_httpserver import HTTPServer
from serving import serving
from stepping import Stepping

from rag import Archive

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# Gradio sums up the times of its queue after some answers, with an option that pandas has given up.
pytestmark = pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting:DeprecationWarning")

DEATHS, LISBON = "How many people died in the dam collapse?", "Who won the football final in Lisbon?"
SMALL = [(320, 640), (640, 430), (320, 256)]
"""The narrowest phone; a desktop's window at twice its size; one at four times."""
# What has the focus: its name, whether that is seen, and whether it lies in the window.
FOCUSED = """() => {
  const node = document.activeElement, style = getComputedStyle(node), box = node.getBoundingClientRect();
  const frame = node.closest("label, .wrap, summary") || node, around = getComputedStyle(frame);
  const drawn = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2;
  return {
    name: node.getAttribute("aria-label") || node.labels?.[0]?.innerText || node.innerText || node.localName,
    tag: node.localName,
    id: node.closest("[id]")?.id,
    // A browser draws the focus of a day's parts inside the field, where no style sheet sees it.
    seen: node.type === "date" || drawn(style) || drawn(around) || style.boxShadow !== "none",
    within: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
# What can be pressed or filled in of a conversation, by name; a press of either of two alike opens the same article.
NAMES = """() => [...document.querySelectorAll("#conversation :is(button, summary, fieldset, textarea)")]
  .filter((one) => !one.matches(".open-article"))
  .map((one) => one.getAttribute("aria-label") ?? one.innerText)"""
HEADED_RIGHT = "(node) => getComputedStyle(node).direction"


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, browser: Browser, seeded: Archive, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Visit]:
    with serving(seeded, monkeypatch) as address, visiting(browser, address, getattr(request, "param", {})) as visit:
        visit.page.wait_for_selector(".suggestion")
        yield visit


@contextmanager
def written(
    browser: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch, server: HTTPServer
) -> Iterator[tuple[Visit, Stepping]]:
    """A page whose model writes a sentence when it is told to."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.url_for("/v1"))
    with Archive.open(folder / "archive", model="openai:m") as archive:
        archive.ingest([SEEDS])
        with serving(archive, monkeypatch) as address, visiting(browser, address, {}) as visit:
            yield visit, Stepping(server)


def tab_stops(page: Page, most: int = 80) -> list[dict[str, Any]]:
    """What the Tab key comes to, from the top of the page until it leaves it."""
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); scrollTo(0, 0); }")
    stops = []
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at["tag"] == "body":
            break
        stops.append(at)
    return stops


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOKED)
def test_axe_finds_nothing_in_a_conversation(visit: Visit) -> None:
    assert faults(visit.page) == []
    visit.ask(DEATHS)
    visit.page.locator("details:not([name])").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert faults(visit.page) == []
    places.numbers(visit.page, 1).first.click()
    visit.marked()
    assert faults(visit.page) == []
    visit.ask(LISBON, turn=2)
    assert faults(visit.page) == []
    visit.ask("why " * 1_100, turn=3)
    assert faults(visit.page) == []


@pytest.mark.parametrize("visit", LOOKS, indirect=True, ids=LOOKED)
def test_axe_finds_nothing_in_any_view(visit: Visit) -> None:
    for tab in places.tabs(visit.page):
        places.go_to(visit.page, tab)
        assert (tab, faults(visit.page)) == (tab, [])
        for box in visit.page.get_by_role("combobox").filter(visible=True).all():
            box.click()
            assert (tab, faults(visit.page)) == (tab, [])
            visit.page.keyboard.press("Escape")


def test_no_two_turns_have_buttons_of_one_name(visit: Visit) -> None:
    for turn, question in enumerate((DEATHS, DEATHS, LISBON), 1):
        visit.ask(question, turn=turn)
    visit.page.locator("#turn-1").get_by_role("button", name="Right, question 1").click()
    visit.page.get_by_role("button", name="Take it back, question 1").wait_for()
    names = visit.page.evaluate(NAMES)
    assert [one for one in names if names.count(one) > 1] == []
    assert {f"Ask again, question {turn}" for turn in (1, 2, 3)} <= set(names)
    seen = visit.page.locator("#conversation :is(button, summary)[aria-label]").all()
    assert all((one.inner_text() or "") in (one.get_attribute("aria-label") or "") for one in seen)


def test_axe_finds_nothing_in_a_summary(visit: Visit) -> None:
    for style in ("paragraph", "timeline", "digest", "differences"):
        places.go_to(visit.page, "Summaries")
        visit.page.get_by_label(style, exact=False).first.check()
        visit.page.get_by_role("button", name="Summarise").click()
        visit.page.wait_for_selector("#summary .statement")
        assert (style, faults(visit.page)) == (style, [])


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Visit) -> None:
    visit.ask(DEATHS)
    stops = tab_stops(visit.page)
    assert [stop for stop in stops if not (stop["seen"] and stop["within"])] == []
    named = " ".join(stop["name"] for stop in stops)
    buttons = visit.page.get_by_role("button").filter(visible=True).all()
    missed = [
        one.inner_text() for one in buttons if (one.inner_text().strip() or "x") not in named and one.is_enabled()
    ]
    assert missed == []


def test_every_field_of_every_view_shows_its_focus(visit: Visit) -> None:
    for tab in places.tabs(visit.page):
        places.go_to(visit.page, tab)
        unseen = [stop["name"] for stop in tab_stops(visit.page) if not stop["seen"]]
        assert (tab, unseen) == (tab, [])


def test_ask_number_quote_and_back_need_no_mouse(visit: Visit) -> None:
    page = visit.page
    places.question(page).focus()
    page.keyboard.type(DEATHS)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#turn-1 {places.FINISHED}")
    while page.evaluate("!document.activeElement.matches('#turn-1 a.cite')"):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('mark.current')")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.matches('#turn-1 a.cite')")


@pytest.mark.parametrize("size", SMALL, ids=["320", "twice", "four-times"])
def test_nothing_scrolls_sideways_however_small(visit: Visit, size: tuple[int, int]) -> None:
    visit.ask(DEATHS)
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    for tab in places.tabs(visit.page):
        places.go_to(visit.page, tab)
        assert (tab, visit.page.evaluate(SIDEWAYS)) == (tab, 0)


def test_nothing_moves_by_itself_where_motion_is_unwanted(visit: Visit) -> None:
    visit.ask(DEATHS)
    places.numbers(visit.page, 1).first.click()
    visit.marked()
    moving = "document.getAnimations().filter((one) => one.playState === 'running').map((one) => one.animationName)"
    assert visit.page.evaluate(moving) == []


def test_words_of_a_right_to_left_script_run_from_the_right(browser: Browser, archive: Archive, tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    text = "סגר הנמל נמשך ארבעה ימים.\n\nראש העיר אמר כי 40 אוניות נעצרו."
    row = {"id": "port", "title": "הנמל נסגר", "text": text, "source": "העיתון", "language": "he"}
    (tmp_path / "port.jsonl").write_text(json.dumps(row))
    archive.ingest([tmp_path / "port.jsonl"])
    with serving(archive, monkeypatch) as address, visiting(browser, address, {}) as visit:
        visit.ask("כמה אוניות נעצרו?")
        visit.page.locator("#turn-1 .open-article, #turn-1 a.cite").first.click()
        visit.page.wait_for_selector("#panel .article-text")
        for place in ("#turn-1 .question", "#panel .title", "#panel .article-text"):
            assert (place, visit.page.locator(place).first.evaluate(HEADED_RIGHT)) == (place, "rtl")
        assert visit.page.evaluate(SIDEWAYS) == 0
        visit.shot("right-to-left")


def grown(visit: Visit, statements: int) -> None:
    """Wait until so many statements of the first answer are drawn, and their sources beside them."""
    visit.page.wait_for_selector(f"#turn-1 {places.STATEMENT} >> nth={statements - 1}")
    visit.page.wait_for_function("""() => {
      const marked = [...document.querySelectorAll("#panel mark")].flatMap((mark) => mark.dataset.numbers.split(" "));
      return [...document.querySelectorAll("#turn-1 a.cite")].every((link) => marked.includes(link.dataset.number));
    }""")


def stays(visit: Visit, state: str, before: object) -> None:
    """What a script tells of the page is as before, once what has just been drawn is laid out."""
    visit.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert visit.page.evaluate(state) == before


def test_nothing_jumps_while_an_answer_is_written(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    state = """() => [
      scrollY, document.activeElement.dataset.number, getSelection().toString().slice(0, 60),
      document.querySelector("#turn-1 .statement").getBoundingClientRect().top,
      document.querySelector("#panel .article-text").scrollTop, document.querySelector("#question textarea").value,
    ]"""
    with written(browser, tmp_path, monkeypatch, httpserver) as (visit, model):
        visit.page.set_viewport_size({"width": 1000, "height": 420})
        places.question(visit.page).fill(DEATHS)
        visit.page.keyboard.press("Enter")
        model.step(6)
        grown(visit, 3)
        visit.marked()
        places.question(visit.page).fill("And ho")
        places.numbers(visit.page, 1).first.focus()
        visit.page.evaluate("getSelection().selectAllChildren(document.querySelector('#turn-1 .statement'))")
        visit.page.evaluate("document.querySelector('#panel .article-text').scrollTop = 9999")
        visit.page.evaluate("scrollTo(0, 40)")
        before = visit.page.evaluate(state)
        for statements in (4, 5, 6, 7):
            model.step(2)
            grown(visit, statements)
            stays(visit, state, before)
        model.step(99)
        visit.page.wait_for_selector(f"#turn-1 {places.FINISHED}")
        stays(visit, state, before)
