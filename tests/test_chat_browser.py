"""The chat in a real Chromium: what outlasts a reload, a restart and a lost connection, and what can be done with it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import IN_VIEW, PHONE, PICTURES, SIDEWAYS, Visit, served, visiting
from conftest import SEEDS

from rag import Archive
from rag.database import Database
from rag.history import FILE, HISTORY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COST, COSTED = "How much did the dock strike cost?", "£31m"
DAM = "How many people died in the Hradnice dam collapse?"
SERVE = """
import sys
from rag import Archive
from ui.serving.server import serve
with Archive.open(sys.argv[1], model="extractive") as archive:
    serve(archive, port=int(sys.argv[2]), ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat") / "archive"
    with Archive.open(folder) as archive:
        archive.ingest([SEEDS])
    return folder


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(SERVE, str(folder), "0") as printed:
        yield printed


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address, {}) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield visit


def questions(visit: Visit) -> list[str]:
    return visit.page.locator(".exchange .question").all_inner_texts()


@pytest.mark.parametrize(
    ("name", "options"),
    [("desktop", {}), ("dark", {"scheme": "dark"}), ("phone", {"size": PHONE})],
)
def test_the_pictures_of_the_readme_show_an_answer_and_its_source(
    browser: Browser, address: str, name: str, options: dict[str, object]
) -> None:
    with visiting(browser, address, options) as visit:
        visit.ask(DAM)
        assert visit.marked()
        assert visit.page.evaluate(SIDEWAYS) <= 0
        visit.page.evaluate("scrollTo(0, 0)")
        visit.picture(name)
        assert (PICTURES / f"{name}.png").is_file()


def test_a_reload_goes_on_with_the_conversation_and_its_sources(visit: Visit) -> None:
    visit.ask(COST)
    quoted = visit.marked()
    visit.page.reload()
    visit.page.wait_for_selector("#turn-1 .answer")
    assert visit.marked() == quoted
    visit.ask("How did it end?", turn=2)
    assert questions(visit) == [COST, "How did it end?"]


def test_a_second_window_shows_the_same_conversation(visit: Visit) -> None:
    visit.ask(COST)
    other = visit.page.context.new_page()
    other.goto(visit.page.url)
    other.wait_for_selector("#turn-1 .answer")
    assert other.locator(".exchange .question").all_inner_texts() == [COST]


def test_another_browser_is_told_that_the_conversation_is_not_its_own(visit: Visit, browser: Browser) -> None:
    visit.ask(COST)
    with visiting(browser, visit.page.url, {}) as stranger:
        stranger.page.wait_for_selector(".welcome")
        assert "it belongs to another browser" in stranger.page.locator("#conversation .error").inner_text()
        assert COST not in stranger.page.locator("#conversation").inner_text()


def test_starting_over_begins_a_conversation_of_its_own(visit: Visit) -> None:
    visit.ask(COST)
    first = visit.page.url
    visit.page.get_by_role("button", name="Start over").click()
    visit.page.wait_for_selector(".welcome")
    assert "c=" not in visit.page.url
    visit.ask(DAM)
    assert questions(visit) == [DAM]
    assert visit.page.url != first


def test_an_answer_is_copied_with_its_sources(visit: Visit) -> None:
    visit.ask(COST)
    visit.page.get_by_role("button", name="Copy with sources").click()
    visit.page.wait_for_selector("#said:has-text('Copied')")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert COSTED in copied
    assert f"“{visit.marked()}”" in copied


def test_a_changed_question_takes_the_place_of_the_first_in_a_copy(visit: Visit) -> None:
    visit.ask(COST)
    visit.ask(DAM, turn=2)
    before = visit.page.url
    visit.page.locator("#turn-1").get_by_role("button", name="Change the question").click()
    visit.page.wait_for_selector(".changing:has-text('Changing question 1')")
    box = visit.page.get_by_label("Your question")
    assert box.input_value() == COST
    assert visit.page.evaluate("document.activeElement.matches('#question textarea')")
    box.fill("How did the dock strike end?")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".question:has-text('How did the dock strike end?')")
    visit.page.wait_for_selector("#turn-1 .answer")
    assert questions(visit) == ["How did the dock strike end?"]
    assert visit.page.url != before
    assert visit.page.locator(".changing").count() == 0


def test_changing_a_question_can_be_left(visit: Visit) -> None:
    visit.ask(COST)
    visit.page.get_by_role("button", name="Change the question").click()
    visit.page.get_by_role("button", name="Cancel").click()
    visit.page.wait_for_selector(".changing", state="detached")
    assert visit.page.get_by_label("Your question").input_value() == ""


def test_an_answer_is_asked_again(visit: Visit) -> None:
    visit.ask(COST)
    first = visit.page.url
    visit.page.get_by_role("button", name="Ask again").click()
    visit.page.wait_for_url(lambda url: url != first)
    visit.page.wait_for_selector("#turn-1 .answer")
    assert questions(visit) == [COST]


def test_a_sentence_is_said_to_be_wrong_and_that_is_taken_back(visit: Visit) -> None:
    visit.ask(COST)
    turn = visit.page.locator("#turn-1")
    turn.get_by_text("Wrong", exact=True).click()
    turn.get_by_label(COSTED).check()
    assert turn.get_by_label(COSTED).evaluate("one => getComputedStyle(one).appearance") == "auto"
    turn.get_by_label("What would be right?").fill("It was £30m.")
    turn.get_by_role("button", name="Send").press("Enter")
    visit.page.wait_for_selector(".judged:has-text('wrong: sentence 1')")
    visit.page.wait_for_selector("#turn-1 .judged button:focus")
    visit.page.reload()
    visit.page.wait_for_selector(".judged:has-text('wrong: sentence 1')")
    visit.page.get_by_role("button", name="Take it back").press("Enter")
    visit.page.wait_for_selector(".judging:has-text('Is this right?')")
    visit.page.wait_for_selector("#turn-1 [data-judge='right']:focus")


def test_a_verdict_that_cannot_be_kept_says_why_and_keeps_what_was_written(visit: Visit, folder: Path) -> None:
    visit.ask(COST)
    turn = visit.page.locator("#turn-1")
    turn.get_by_text("Wrong", exact=True).click()
    turn.get_by_label("What would be right?").fill("It was £30m.")
    history = Database(folder / FILE, HISTORY)
    history.write("CREATE TRIGGER broken BEFORE UPDATE ON exchanges BEGIN UPDATE gone SET that = 1; END")
    turn.get_by_role("button", name="Send").click()
    visit.page.wait_for_selector("#notice:text('cannot be read or written')")
    assert turn.get_by_label("What would be right?").input_value() == "It was £30m."
    history.write("DROP TRIGGER broken")
    history.close()
    assert visit.wrong
    visit.wrong.clear()


def test_keys_go_from_quote_to_quote_and_back(visit: Visit) -> None:
    visit.ask(DAM)
    visit.page.locator("a.cite").first.focus()
    seen = [visit.marked()]
    for _ in range(2):
        visit.page.keyboard.press("n")
        seen.append(visit.marked())
        assert visit.page.evaluate(IN_VIEW)
    visit.page.keyboard.press("p")
    assert len(set(seen)) == 3
    assert visit.marked() == seen[1]


def test_what_is_typed_is_never_a_key(visit: Visit) -> None:
    visit.ask(DAM)
    before = visit.marked()
    visit.page.get_by_label("Your question").press_sequentially("nnpn")
    assert visit.marked() == before


def test_arrows_go_from_view_to_view(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="Ask").focus()
    visit.page.keyboard.press("ArrowRight")
    second = visit.page.locator('[role="tab"][aria-selected="true"]').inner_text()
    visit.page.keyboard.press("ArrowLeft")
    assert second != "Ask"
    assert visit.page.locator('[role="tab"][aria-selected="true"]').inner_text() == "Ask"


def test_an_empty_question_says_so_and_leaves_no_turn(visit: Visit) -> None:
    visit.page.get_by_label("Your question").fill("   ")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#conversation .error:has-text('The question is empty')")
    assert visit.page.locator(".exchange").count() == 0


def test_an_earlier_conversation_is_opened_from_the_history_and_gone_on_with(visit: Visit) -> None:
    visit.ask(COST)
    visit.page.get_by_role("button", name="Start over").click()
    visit.page.wait_for_selector(".welcome")
    visit.page.get_by_role("tab", name="History").click()
    visit.page.locator("#history").get_by_role("button", name=COST, exact=True).click()
    visit.page.wait_for_selector("#turn-1 .answer")
    visit.ask("How did it end?", turn=2)
    assert questions(visit) == [COST, "How did it end?"]


def test_the_library_leads_to_a_question_and_to_a_summary(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="Library").click()
    visit.page.locator("#library").get_by_text("Dock strike cost Saltmere £31m").click()
    visit.page.get_by_role("button", name="Ask about this article").click()
    visit.page.wait_for_function(
        "document.querySelector('#question textarea').value.startsWith('What is known about')"
    )
    visit.page.get_by_role("tab", name="Library").click()
    visit.page.get_by_role("button", name="Summarise its story").click()
    visit.page.wait_for_selector("#summarising [aria-label='Story of']")
    assert "Dock strike cost" in visit.page.get_by_label("Story of").input_value()


def test_what_was_removed_while_the_page_is_open_is_said_to_be(visit: Visit, folder: Path) -> None:
    visit.ask("Who is the aviation plant named after?")
    quoted = visit.marked()
    with Archive.open(folder) as archive:
        cited = archive.ask("Who is the aviation plant named after?").citations[0]
        taken = archive.take_out(cited.article_id)
        visit.page.reload()
        visit.page.wait_for_selector("#panel .card:has-text('Source removed')")
        assert visit.marked() == quoted
        archive.restore(taken)
    visit.page.reload()
    visit.page.wait_for_selector("#turn-1 .answer")
    visit.page.wait_for_selector("#panel .card")
    assert "Source removed" not in visit.page.locator("#panel").inner_text()


def test_a_server_that_went_and_came_back_finds_the_page_as_it_was(browser: Browser, folder: Path) -> None:
    with _killable(folder, 0) as (server, address):
        context = browser.new_context(reduced_motion="reduce")
        page = context.new_page()
        page.goto(address)
        visit = Visit(page)
        visit.ask(COST)
        server.kill()
        server.wait()
        page.get_by_label("Your question").fill("How did it end?")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Connection to the server was lost")
        with _killable(folder, int(re.findall(r":(\d+)/", address)[0])):
            page.wait_for_selector("text=Connection to the server was lost", state="detached")
            page.wait_for_selector("#turn-1 .answer")
            assert page.get_by_label("Your question").input_value() == "How did it end?"
            page.get_by_label("Your question").press("Enter")
            page.wait_for_selector("#turn-2 .answer")
            context.close()


class _killable:
    """A server in a process of its own, which a test may kill."""

    def __init__(self, folder: Path, port: int) -> None:
        command = [sys.executable, "-c", SERVE, str(folder), str(port)]
        self._server = subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> tuple[subprocess.Popen[str], str]:
        assert self._server.stdout is not None
        return self._server, self._server.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        assert self._server.stdout is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait()
        self._server.stdout.close()
