"""What stands beside the page, for everyone: axe-core over logging in, the reports of runs and what programs are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import guarded
from axe import LOOKED, LOOKS, faults
from browsing import SIDEWAYS, served
from evaluating import fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "a long password"
FIRST, SECOND = "small-2024-05-02T093000.000Z", "small-2024-05-03T093000.000Z"
SERVE = """
import os, sys
os.environ["GROUNDWIRE_RUNS"] = sys.argv[1]
sys.path.insert(0, "tests")
from ui_summaries import Desk
from ui.serving.server import serve
serve(Desk(), port=0, ready=lambda address: print(address, flush=True))
"""
looked = pytest.mark.parametrize("page", LOOKS, indirect=True, ids=LOOKED)


@pytest.fixture(scope="module")
def login() -> Iterator[str]:
    with guarded(password=PASSWORD) as address:
        yield address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page with some runs kept."""
    runs: Path = tmp_path_factory.mktemp("evaluation") / "runs"
    fill(runs)
    with served(SERVE, str(runs)) as address:
        yield address


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with _window(browser, request.param) as page:
        yield page


@contextmanager
def _window(browser: Browser, look: dict[str, Any]) -> Iterator[Page]:
    width, height = look["size"]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=look["scheme"], reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@looked
def test_axe_finds_nothing_where_readers_log_in(page: Page, login: str) -> None:
    page.goto(login)
    assert faults(page) == []
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert (faults(page), page.evaluate(SIDEWAYS)) == ([], 0)
    page.goto(f"{login}login?expired")
    assert faults(page) == []


@looked
def test_axe_finds_nothing_in_a_report_or_a_comparison_in_its_frame(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_role("tab", name="Evaluation").click()
    for button, source in ((f"[data-run='{FIRST}']", FIRST), (f"[data-against='{SECOND}']", f"{SECOND}/against")):
        page.locator(f"#runs {button}").press("Enter")
        page.wait_for_selector(f"#evaluation iframe[src^='evaluations/{source}']")
        page.frame_locator("#evaluation iframe").locator("table").first.wait_for()
        assert (source, faults(page)) == (source, [])
        report = page.frames[1]
        report.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
        assert (source, faults(report)) == (source, [])


@looked
def test_axe_finds_nothing_in_what_programs_are_told(page: Page, site: str) -> None:
    page.goto(f"{site}docs")
    assert (faults(page), page.evaluate(SIDEWAYS)) == ([], 0)
