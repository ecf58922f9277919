"""What can be done in a real Chromium while a model is still writing: in another window, and with another conversation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Visit, visiting
from chat_servers import WAIT, Slow
from places import go_to, start_over
from pytest_httpserver import HTTPServer
from serving import serving

from rag import Archive
from ui.page.chat import AWAITED

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "How many ships did the strike stop?"
TWICE = """() => {
  const box = document.querySelector("#question textarea");
  for (let time = 0; time < 2; time += 1) box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
}"""
# Whether the conversation ever told of a fault.
WATCH = """() => {
  window.complained = false;
  const conversation = document.querySelector("#conversation");
  const look = () => { window.complained ||= conversation.querySelector(".error") !== null; };
  new MutationObserver(look).observe(conversation, { childList: true, subtree: true });
}"""


@pytest.fixture
def model(httpserver: HTTPServer) -> Slow:
    return Slow(httpserver, "The strike stopped 40 ships [1]. The town ", "lost $1.2bn [1].")


@pytest.fixture
def visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: Browser, httpserver: HTTPServer, model: Slow
) -> Iterator[Visit]:
    """A window in which a question has been asked, and one sentence of its answer is there."""
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    (tmp_path / "harbour.txt").write_text("Harbour\n\nThe strike had stopped 40 ships. The town had lost $1.2bn.")
    with Archive.open(tmp_path / "archive", model="openai:m") as archive:
        archive.ingest([tmp_path / "harbour.txt"])
        with serving(archive, monkeypatch) as address, visiting(browser, address, {}) as visit:
            visit.page.get_by_label("Your question").fill(QUESTION)
            visit.page.keyboard.press("Enter")
            visit.page.wait_for_selector("#turn-1 .written .statement")
            yield visit


def test_another_window_has_the_answer_when_it_is_there(visit: Visit, model: Slow) -> None:
    other = visit.page.context.new_page()
    other.goto(visit.page.url)
    other.wait_for_selector("#turn-1 .awaited")
    model.go.set()
    other.wait_for_selector("#turn-1 .answer")
    assert "$1.2bn" in other.locator("#turn-1 .answer").inner_text()


def test_starting_over_ends_the_answer_and_nothing_of_it_comes_after(visit: Visit, model: Slow) -> None:
    visit.page.get_by_role("button", name="Start over").click()
    visit.page.wait_for_selector(".welcome")
    assert model.left.wait(WAIT)
    visit.page.get_by_role("tab", name="History").click()
    visit.page.wait_for_selector("#history [data-open]")
    assert visit.page.locator("#conversation").inner_text().strip().startswith("Ask about the articles.")


def put_meanwhile(visit: Visit, question: str) -> None:
    visit.page.get_by_label("Your question").fill(question)
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("This is asked once the answer before it is there.").wait_for()


def test_a_question_put_meanwhile_is_asked_afterwards(visit: Visit, model: Slow) -> None:
    put_meanwhile(visit, QUESTION)
    assert visit.page.locator(".exchange").count() == 1
    assert not visit.page.get_by_text(AWAITED).count()
    model.go.set()
    visit.page.wait_for_selector("#turn-2 .answer")
    assert visit.page.get_by_label("Your question").input_value() == ""


def test_so_does_one_put_in_another_window(visit: Visit, model: Slow) -> None:
    other = Visit(visit.page.context.new_page())
    other.page.goto(visit.page.url)
    other.page.wait_for_selector("#turn-1 .awaited")
    put_meanwhile(other, QUESTION)
    model.go.set()
    other.page.wait_for_selector("#turn-2 .answer")


def test_one_is_not_asked_in_another_conversation(visit: Visit, model: Slow) -> None:
    model.go.set()
    visit.page.wait_for_selector("#turn-1 .answer")
    start_over(visit.page)
    model.go.clear()
    visit.page.get_by_label("Your question").fill(QUESTION)
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#turn-1 .written .statement")
    put_meanwhile(visit, QUESTION)
    go_to(visit.page, "History")
    visit.page.locator("#history [data-open]").last.click()
    visit.page.wait_for_selector("#turn-1 .answer")
    model.go.set()
    visit.ask("How much did the town lose?", turn=2)
    assert visit.page.locator("#turn-2 .question").inner_text() == "How much did the town lose?"


def test_one_that_is_changed_before_it_is_asked_waits_for_its_reader(visit: Visit, model: Slow) -> None:
    put_meanwhile(visit, QUESTION)
    visit.page.keyboard.type(" And wh")
    model.go.set()
    visit.page.wait_for_selector("#turn-1 .answer")
    visit.page.keyboard.type("at else?")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#turn-2 .answer")
    assert visit.page.locator("#turn-2 .question").inner_text() == f"{QUESTION} And what else?"


def test_enter_pressed_twice_asks_once(visit: Visit, model: Slow) -> None:
    model.go.set()
    visit.page.wait_for_selector("#turn-1 .answer")
    visit.page.evaluate(WATCH)
    visit.page.get_by_label("Your question").fill(QUESTION)
    visit.page.evaluate(TWICE)
    visit.page.wait_for_selector("#turn-2 .answer")
    visit.ask("How much did the town lose?", turn=3)
    assert visit.page.locator("#turn-3 .question").inner_text() == "How much did the town lose?"
    assert visit.page.evaluate("() => window.complained") is False
