"""The page with a language model behind it: sentences as they are checked, Stop, and what it took."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import DESKTOP, Visit
from chat_servers import WAIT, Slow, reply
from pytest_httpserver import HTTPServer
from serving import serving

from rag import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTION = "How many ships did the strike stop?"


@pytest.fixture
def visit(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> Iterator[Visit]:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    (tmp_path / "harbour.txt").write_text("Harbour\n\nThe strike had stopped 40 ships. The town had lost $1.2bn.")
    with Archive.open(tmp_path / "archive", model="openai:m") as archive:
        archive.ingest([tmp_path / "harbour.txt"])
        with serving(archive, monkeypatch) as address:
            context = browser.new_context(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
            visit = Visit(context.new_page())
            visit.watch(address)
            visit.page.goto(address)
            visit.page.wait_for_selector(".masthead")
            yield visit
            context.close()
            assert visit.wrong == []


def begin(visit: Visit) -> None:
    visit.page.get_by_label("Your question").fill(QUESTION)
    visit.page.keyboard.press("Enter")


def test_the_page_says_which_model_is_asked_and_where(visit: Visit, httpserver: HTTPServer) -> None:
    assert f"openai:m at {httpserver.url_for('/v1')}" in visit.page.locator(".masthead").inner_text()


def test_a_sentence_is_shown_with_its_source_before_the_next_is_written(visit: Visit, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ", "lost $1.2bn [1].")
    begin(visit)
    visit.page.wait_for_selector("#turn-1 .written .statement")
    assert visit.page.locator("#turn-1 .statement").count() == 1
    assert visit.marked() == "The strike had stopped 40 ships."
    visit.shot("writing")
    model.go.set()
    visit.page.wait_for_selector("#turn-1 .answer")
    assert visit.page.locator("#turn-1 .statement").count() == 2
    assert visit.page.locator(".awaited").count() == 0


def test_stop_keeps_what_was_checked_and_says_that_it_is_not_whole(visit: Visit, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    begin(visit)
    visit.page.wait_for_selector("#turn-1 .written .statement")
    visit.page.get_by_role("button", name="Stop").click()
    visit.page.wait_for_selector("#turn-1 .answer")
    assert "This answer is incomplete: The answer was stopped." in visit.page.locator("#turn-1").inner_text()
    assert model.left.wait(WAIT)
    assert not visit.page.get_by_role("button", name="Stop").is_visible()


def test_what_a_model_writes_is_text_whatever_it_looks_like(visit: Visit, httpserver: HTTPServer) -> None:
    hostile = (
        "The strike stopped 40 ships ![x](http://outside.example/x.png) [1]. "
        "<script>alert(1)</script>The town lost $1.2bn <img src=x onerror=alert(2)> [1]. "
        "See [the plan](javascript:alert(3)) of <b>the town</b> [1]. Visit http://outside.example now [1]."
    )
    reply(httpserver, hostile)
    begin(visit)
    visit.page.wait_for_selector("#turn-1 .answer")
    visit.page.locator("#turn-1 details.rejected").evaluate_all("all => all.forEach(one => one.open = true)")
    assert visit.page.locator("#turn-1 :is(img, script, b, a:not(.cite))").count() == 0
    visit.shot("hostile-reply")


def test_what_a_conversation_took_is_added_up(visit: Visit, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 40 ships [1].", QUESTION, "The strike stopped 40 ships [1].")
    visit.ask(QUESTION)
    assert "321 tokens read, 12 written" in visit.page.locator("#turn-1 .basis").inner_text()
    visit.ask("And how many ships?", turn=2)
    assert "This conversation: 963 tokens read, 36 written" in visit.page.locator(".total").inner_text()
