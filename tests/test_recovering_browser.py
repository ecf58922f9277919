"""What happens under an open page, in a real Chromium: the server starts anew, the archive changes, a session ends.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Visit
from chat_servers import Slow
from conftest import SEEDS
from evaluating import fill, tiny_suite
from places import go_to, question
from pytest_httpserver import HTTPServer
from renewing import BEGUN, Server, serving, window
from test_evaluation_tab import FIRST, SECOND, held
from test_library_tab import DROP, became

from rag import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COST = "How much did the dock strike cost?"
PASSWORD = "a long password"
LOST = "text=Connection to the server was lost"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample articles, some kept runs, and the suite ``tiny``."""
    folder = tmp_path_factory.mktemp("recovering")
    with Archive.open(folder / "archive") as archive:
        archive.ingest([SEEDS])
    fill(folder / "runs")
    tiny_suite(folder / "suites")
    (folder / "gate").touch()
    return folder


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    with window(browser, server) as page:
        yield page


def summarise(page: Page, about: str, length: str = "3") -> None:
    go_to(page, "Summaries")
    page.get_by_label("About").fill(about)
    page.get_by_label("Length", exact=True).fill(length)
    page.get_by_role("button", name="Summarise").click()
    page.wait_for_selector("#summary :is(.summary, .error)")


def test_a_summary_is_read_and_kept_though_the_server_was_started_anew(page: Page, server: Server) -> None:
    summarise(page, "dock strike")
    go_to(page, "Ask")
    Visit(page).ask(COST)
    server.renew()
    go_to(page, "Summaries")
    page.locator("#summary a.cite").first.click()
    page.wait_for_selector("#panel .sources[data-turn='summary'] mark.current")
    with page.expect_download() as download:
        page.locator("#summary").get_by_role("button", name="Markdown").click()
    assert page.locator("#panel mark.current").first.inner_text() in Path(download.value.path()).read_text("utf-8")


def test_an_outlet_chosen_before_the_server_was_started_anew_still_limits_a_summary(
    page: Page, server: Server
) -> None:
    go_to(page, "Summaries")
    page.get_by_label("Outlet").click()
    page.get_by_role("option", name="Saltmere Chronicle").click()
    server.renew()
    summarise(page, "")
    assert set(page.locator("#panel .outlet").all_inner_texts()) == {"Saltmere Chronicle"}


def test_a_summary_is_there_with_its_form_when_the_page_is_loaded_anew(page: Page, server: Server) -> None:
    summarise(page, "dock strike", "2")
    told = page.locator("#summary").inner_text()
    server.renew()
    page.reload()
    page.wait_for_selector("#summary .summary")
    assert page.get_by_role("tab", name="Summaries").get_attribute("aria-selected") == "true"
    assert page.locator("#summary").inner_text() == told
    assert [page.get_by_label(name, exact=True).input_value() for name in ("About", "Length")] == ["dock strike", "2"]


def test_a_summary_broken_off_by_a_restart_says_so_and_is_one_press_away(
    page: Page, server: Server, folder: Path
) -> None:
    go_to(page, "Summaries")
    page.get_by_label("About").fill("wait")
    with held(folder):
        page.get_by_role("button", name="Summarise").click()
        page.wait_for_selector("#summary .awaited")
        server.kill()
        page.wait_for_selector(LOST)
    server.begin()
    page.get_by_text("This summary was broken off. Summarise again.").wait_for()
    assert page.get_by_label("About").input_value() == "wait"
    page.get_by_role("button", name="Summarise").click()
    page.wait_for_selector("#summary .summary, #summary .refusal")


def test_a_report_is_compared_and_loaded_anew_after_a_restart(page: Page, server: Server) -> None:
    go_to(page, "Evaluation")
    page.locator(f"#runs [data-run='{FIRST}']").press("Enter")
    page.wait_for_selector(f"#evaluation iframe[src='evaluations/{FIRST}']")
    server.renew()
    page.locator(f"#runs [data-against='{SECOND}']").press("Enter")
    compared = f"#evaluation iframe[src='evaluations/{SECOND}/against/{FIRST}']"
    page.wait_for_selector(compared)
    page.reload()
    page.wait_for_selector(compared)


def test_a_run_broken_off_by_a_restart_says_so_and_goes_on(page: Page, server: Server, folder: Path) -> None:
    go_to(page, "Evaluation")
    page.wait_for_selector("#runs table")
    run = page.locator("#run-form").get_by_role("button", name="Run", exact=True)
    with held(folder):
        run.click()
        page.get_by_text("1 of 3").wait_for()
        server.kill()
        page.wait_for_selector(LOST)
    server.begin()
    page.get_by_text("The connection was lost during a run, which ended it.").wait_for()
    run.click()
    page.get_by_text("Done, and kept as tiny-").wait_for()


def test_what_is_pressed_while_the_server_is_away_says_so(page: Page, server: Server) -> None:
    go_to(page, "Library")
    page.wait_for_selector("#library .articles")
    server.kill()
    page.get_by_label("Search titles").fill("dock")
    page.get_by_text("The server does not answer.").wait_for()
    server.begin()
    page.get_by_label("Search titles").fill("dock strike")
    page.wait_for_function("document.querySelector('#notice').textContent === ''")
    page.locator("#library .bar .extent").wait_for()


def test_an_archive_that_is_indexed_anew_goes_on_answering(page: Page, folder: Path) -> None:
    visit = Visit(page)
    visit.ask(COST)
    assert Archive.reindex(folder / "archive") > 0
    visit.press("£31m")
    visit.ask("How did it end?", turn=2)
    summarise(page, "dock strike")
    assert page.locator("#summary .statement").count() == 3


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy that a test may take apart."""
    shutil.copytree(folder, tmp_path / "own")
    return tmp_path / "own"


def test_an_archive_that_is_taken_away_is_said_to_be_and_answers_again_once_it_is_back(
    browser: Browser, own: Path
) -> None:
    away = "is not there any more"
    with serving(own) as server, window(browser, server) as page:
        visit = Visit(page)
        visit.ask(COST)
        (own / "archive").rename(own / "away")
        question(page).fill(COST)
        page.keyboard.press("Enter")
        page.get_by_text(away).first.wait_for()
        go_to(page, "Library")
        page.locator("#library .error", has_text=away).wait_for()
        summarise(page, "dock strike")
        assert away in page.locator("#summary .error").last.inner_text()
        assert page.locator(".awaited").count() == 0
        (own / "away").rename(own / "archive")
        summarise(page, "dock strike")
        page.wait_for_selector("#summary .summary")
        assert page.locator("#summary .statement").count() == 3
        page.reload()
        page.wait_for_selector("#turn-1 .answer", state="attached")
        go_to(page, "Ask")
        visit.press("£31m")


def test_another_archive_in_its_place_answers_and_what_was_asked_of_the_old_one_is_said_to_be_gone(
    browser: Browser, own: Path
) -> None:
    (own / "ferry.md").write_text("---\nid: ferry\ntitle: The ferry\n---\nThe ferry of Lorn carried 40 people.\n")
    with Archive.open(own / "other") as other:
        other.ingest([own / "ferry.md"])
    with serving(own) as server, window(browser, server) as page:
        summarise(page, "dock strike")
        go_to(page, "Ask")
        Visit(page).ask(COST)
        (own / "archive").rename(own / "away")
        (own / "other").rename(own / "archive")
        page.locator("#turn-1 .actions").get_by_role("button", name="Markdown").click()
        page.get_by_text("This conversation is not here").wait_for()
        go_to(page, "Summaries")
        page.locator("#summary a.cite").first.click()
        page.locator("#panel .error", has_text="This summary is not here any more").wait_for()
        go_to(page, "Library")
        page.locator("#library .extent", has_text="1–1 of 1").first.wait_for()
        go_to(page, "Ask")
        question(page).fill("How many people did the ferry of Lorn carry?")
        page.keyboard.press("Enter")
        page.locator("#conversation .answer", has_text="carried 40 people").wait_for()
        page.get_by_text("so this is a new one").wait_for()


@pytest.fixture
def guarded(browser: Browser, folder: Path) -> Iterator[tuple[Page, Server]]:
    """A page of a server that demands a password, by somebody who has it."""
    with serving(folder, password=PASSWORD) as server, window(browser, server, ready="#secret") as page:
        log_in(page)
        yield page, server


def log_in(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(BEGUN, state="attached")


def log_in_again(page: Page) -> None:
    """As the page leads there."""
    page.get_by_role("link", name="Log in again").click()
    page.get_by_text("Your session has expired. Log in again.").wait_for()
    log_in(page)


def test_a_session_that_ended_before_an_export_leads_back_to_the_conversation(guarded: tuple[Page, Server]) -> None:
    page, server = guarded
    Visit(page).ask(COST)
    server.renew()
    page.locator("#turn-1 .actions").get_by_role("button", name="Markdown").click()
    log_in_again(page)
    page.wait_for_selector("#turn-1 .answer")
    with page.expect_download():
        page.locator("#turn-1 .actions").get_by_role("button", name="Markdown").click()


def test_a_session_that_ended_leads_back_to_the_article_and_the_summary(guarded: tuple[Page, Server]) -> None:
    page, server = guarded
    summarise(page, "dock strike")
    go_to(page, "Library")
    page.locator("#library .title a", has_text="Dock strike cost").click()
    page.wait_for_selector("#library .whole h2")
    server.renew()
    page.get_by_role("button", name="Back to the list").click()
    page.go_back()
    log_in_again(page)
    page.wait_for_selector("#library .whole h2")
    go_to(page, "Summaries")
    assert page.locator("#summary .statement").count() == 3


def test_a_server_that_went_with_all_sessions_during_a_summary_leads_back_to_it(
    guarded: tuple[Page, Server], folder: Path
) -> None:
    page, server = guarded
    go_to(page, "Summaries")
    page.get_by_label("About").fill("wait")
    with held(folder):
        page.get_by_role("button", name="Summarise").click()
        page.wait_for_selector("#summary .awaited")
        server.renew()
        log_in_again(page)
    page.get_by_text("This summary was broken off. Summarise again.").wait_for()
    assert page.get_by_label("About").input_value() == "wait"


def test_a_server_that_went_with_all_sessions_during_an_answer_leads_back_to_it(
    browser: Browser, folder: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_MODEL", "openai:m")
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    Slow(httpserver, "The dock strike cost £31m [1]. It ")
    with serving(folder, password=PASSWORD) as server, window(browser, server, ready="#secret") as page:
        log_in(page)
        question(page).fill(COST)
        page.keyboard.press("Enter")
        page.wait_for_selector("#turn-1 .awaited")
        question(page).fill("What did the ferry cost?")
        server.renew()
        stays(page)
        log_in_again(page)
        page.locator("#turn-1 .error", has_text="This answer was broken off when the server stopped.").wait_for()


def stays(page: Page) -> None:
    """The page is left as it is until the reader follows the link, though it asks the server again and again."""
    link, address = page.get_by_role("link", name="Log in again").element_handle(), page.url
    for _ in range(2):
        page.wait_for_event("response", lambda reply: reply.url.endswith("app_id") and reply.status == 401)
    assert link.evaluate("(link) => link.isConnected")
    assert page.url == address
    assert question(page).input_value() == "What did the ferry cost?"


@pytest.mark.parametrize("size", [20, 20_000_000])
def test_a_session_that_ended_during_an_upload_ends_the_rest_of_it(guarded: tuple[Page, Server], size: int) -> None:
    page, server = guarded
    go_to(page, "Library")
    page.wait_for_selector("#library .articles")
    server.renew()
    page.evaluate(DROP, [["a.txt", "b.txt", "c.txt"], size])
    assert became(Visit(page), 3) == ["failed: your session has expired. Log in again, then add it again."] * 3
    log_in_again(page)
    page.wait_for_selector("#library .articles")


def test_a_folder_that_is_dropped_is_taken_in_with_what_is_in_its_folders(page: Page, tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    (paper / "deep").mkdir(parents=True)
    for place, file in enumerate(("one.txt", "deep/two.txt", "deep/none.txt", "deep/picture.png")):
        (paper / file).write_text("" if "none" in file else f"Ferry {place}\n\nFerry {place} sailed at dawn.")
    go_to(page, "Library")
    page.wait_for_selector("#library .articles")
    dropped(page, paper)
    told = report(page, 4)
    assert told["paper/one.txt"] == told["paper/deep/two.txt"] == "1 added"
    assert told["paper/deep/none.txt"] == "failed: the file is empty."
    assert told["paper/deep/picture.png"].startswith("failed: ")


def report(page: Page, count: int) -> dict[str, str]:
    """What became of each of so many files, by name, once that is known of all."""
    page.wait_for_function(f"document.querySelectorAll('#shelving .report li').length === {count}")
    page.locator("#shelving .report .sum", has_text="Finished").wait_for(timeout=240_000)
    names = page.locator("#shelving .report .name").all_inner_texts()
    return dict(zip(names, became(Visit(page), count), strict=True))


def dropped(page: Page, *paths: Path) -> None:
    """As a reader drops them, from outside the browser."""
    box = page.locator("#shelving").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + 40
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})


def test_of_three_hundred_files_that_are_dropped_each_is_told_of(page: Page, tmp_path: Path) -> None:
    for place in range(296):
        (tmp_path / f"{place:03}.txt").write_text(f"Barge {place}\n\nBarge {place} left the lock at noon.")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "no-article.json").write_text("[]")
    (tmp_path / "..\\..\\<b>x.txt").write_text("Tricks\n\nA barge of many names left the lock.")
    (tmp_path / "vast.txt").write_text("x" * 25_000_001)
    go_to(page, "Library")
    page.wait_for_selector("#library .articles")
    dropped(page, *sorted(tmp_path.iterdir()))
    assert {name: line for name, line in report(page, 300).items() if line != "1 added"} == {
        "empty.txt": "failed: the file is empty.",
        "no-article.json": "failed: The list is empty. Put article objects into it.",
        "vast.txt": "failed: larger than 25 MB. Split it, or pack it as .gz.",
    }
