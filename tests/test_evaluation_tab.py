"""The Evaluation tab in a real Chromium: see a run's report, compare two, run a suite, stop it.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsing import CONTRAST, PHONE, SIDEWAYS, Visit, served, visiting
from evaluating import HOSTILE, LONG, fill, tiny_suite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FrameLocator

FIRST, SECOND = "small-2024-05-02T093000.000Z", "small-2024-05-03T093000.000Z"
# All cases but the first wait while the test holds the gate.
SERVE = """
import fcntl, os, sys
from pathlib import Path
folder = Path(sys.argv[1])
os.environ["GROUNDWIRE_RUNS"] = str(folder / "runs")
sys.path.insert(0, "tests")
from eval import suite
from eval.systems import ours
from ui_summaries import Desk
from ui.serving.server import serve
suite.SHIPPED, answer = folder / "suites", ours.answer
def gated(archive, case, **options):
    with open(folder / "gate") as gate:
        fcntl.flock(gate, fcntl.LOCK_UN if case.id == "c1" else fcntl.LOCK_SH)
    return answer(archive, case, **options)
ours.answer = gated
serve(Desk(), port=0, ready=lambda address: print(address, flush=True))
"""
OUTSIDE = """() => {
  try { return String(parent.document.title); } catch (error) { return error.name; }
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some kept runs, and the suite ``tiny``."""
    folder = tmp_path_factory.mktemp("evaluation")
    fill(folder / "runs")
    tiny_suite(folder / "suites")
    (folder / "gate").touch()
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with served(SERVE, str(folder)) as address:
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, getattr(request, "param", {})) as visit:
        visit.page.get_by_role("tab", name="Evaluation").click()
        visit.page.wait_for_selector("#runs table")
        yield visit


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """No case but the first is answered meanwhile."""
    with (folder / "gate").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def press(visit: Visit, **data: str) -> None:
    """Press a button of the list by the keyboard: a click meets what was there before the page last scrolled."""
    ((name, value),) = data.items()
    visit.page.locator(f"#runs [data-{name}='{value}']").press("Enter")


def frame(visit: Visit, source: str) -> FrameLocator:
    """What the frame shows, once it shows that."""
    visit.page.wait_for_selector(f"#evaluation iframe[src='{source}']")
    return visit.page.frame_locator("#evaluation iframe")


def inside(visit: Visit, script: str) -> Any:
    return visit.page.frames[1].evaluate(script)


def hostile_name(visit: Visit) -> str:
    row = visit.page.locator("#runs tbody tr", has_text="<script>").locator("[data-run]")
    return str(row.get_attribute("data-run"))


def test_a_kept_runs_report_is_read_in_its_frame(visit):
    press(visit, run=FIRST)
    report = frame(visit, f"evaluations/{FIRST}")
    report.get_by_role("rowheader", name=re.compile("grounded")).first.wait_for()
    assert (
        visit.page.locator("#evaluation .about")
        .inner_text()
        .startswith("2024-05-02 09:30 UTC · extractive · 2 cases")
    )
    # Its own script runs, and finds nobody outside.
    report.get_by_text("2 of 2 cases shown").wait_for()
    assert inside(visit, OUTSIDE) == "SecurityError"
    assert inside(visit, "() => origin") == "null"
    # The sources of an answer are elsewhere.
    assert not visit.page.locator("#panel").is_visible()
    box = visit.page.locator("#evaluation iframe").bounding_box()
    assert 0 <= box["y"] <= 200
    assert box["width"] > 1000
    visit.shot("evaluation-report")


def test_a_report_can_be_opened_alone(visit):
    press(visit, run=FIRST)
    frame(visit, f"evaluations/{FIRST}")
    with visit.page.context.expect_page() as opened:
        visit.page.get_by_role("link", name="Open alone").click()
    opened.value.get_by_text("2 of 2 cases shown").wait_for()
    assert opened.value.evaluate("() => [origin, opener]") == ["null", None]


def test_two_runs_of_a_suite_are_compared(visit):
    assert visit.page.get_by_role("button", name="Compare").count() == 0
    press(visit, run=FIRST)
    frame(visit, f"evaluations/{FIRST}")
    visit.page.locator("#evaluation iframe").evaluate("(frame) => { frame.before = true; }")
    press(visit, against=SECOND)
    compared = frame(visit, f"evaluations/{SECOND}/against/{FIRST}")
    compared.get_by_role("heading", name="Comparison").wait_for()
    compared.locator("table.metrics").first.wait_for()
    assert (
        f"2024-05-03 09:30 UTC ({LONG}) against 2024-05-02 09:30 UTC (extractive)"
        in visit.page.locator(".about").inner_text()
    )
    # One that is sent elsewhere while its first document arrives can stay with that.
    assert visit.page.locator("#evaluation iframe").evaluate("(frame) => frame.before") is None
    visit.shot("evaluation-comparison")


def test_runs_of_different_suites_get_one_line(visit):
    press(visit, run=FIRST)
    frame(visit, f"evaluations/{FIRST}")
    press(visit, against=hostile_name(visit))
    assert "different suites" in visit.page.locator("#evaluation .error").inner_text()
    assert visit.page.locator("#evaluation iframe").count() == 0


def test_files_that_are_no_reports_are_named_beside_the_rest(visit):
    lines = visit.page.locator("#runs .error").all_inner_texts()
    assert [("torn.json" in line, "newer.json" in line) for line in sorted(lines, reverse=True)] == [
        (True, False),
        (False, True),
    ]


def test_what_a_hostile_report_holds_is_text(visit):
    press(visit, run=hostile_name(visit))
    report = visit.page.frame_locator("#evaluation iframe")
    report.get_by_text("1 of 1 cases shown").wait_for()
    assert HOSTILE in visit.page.locator("#evaluation h2").inner_text()
    assert inside(visit, "() => document.querySelectorAll('img, iframe, script').length") == 1
    assert visit.page.locator("gradio-app :is(#runs, #evaluation) :is(script, img)").count() == 0


def test_a_suite_is_run_and_its_report_shown(visit):
    assert "nothing leaves this machine" in visit.page.locator("#run-told").inner_text()
    visit.page.get_by_role("button", name="Run", exact=True).click()
    visit.page.frame_locator("#evaluation iframe").get_by_text("3 of 3 cases shown").wait_for()
    assert visit.page.locator("#run-progress").inner_text().startswith("Done, and kept as tiny-")
    assert visit.page.locator("#runs [aria-pressed='true']").get_attribute("data-run").startswith("tiny-")


def test_a_run_says_how_far_it_is_and_can_be_stopped(visit, folder):
    run, stop = (
        visit.page.locator("#run-form").get_by_role("button", name=name, exact=True) for name in ("Run", "Stop")
    )
    with held(folder):
        run.click()
        visit.page.get_by_text("1 of 3").wait_for()
        assert not run.is_visible()
        visit.shot("evaluation-running")
        stop.click()
        visit.page.get_by_text("Stopping, once the cases").wait_for()
    visit.page.get_by_text("Stopped. What was answered is kept").wait_for()
    assert run.is_visible()
    assert not stop.is_visible()
    run.click()
    visit.page.get_by_text("Done, and kept as tiny-").wait_for()


@pytest.mark.parametrize("visit", [{"size": PHONE}], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(visit):
    assert visit.page.evaluate(SIDEWAYS) <= 0
    assert visit.page.locator("#runs .kept").evaluate("(list) => list.scrollWidth - list.clientWidth") <= 0
    press(visit, run=SECOND)
    frame(visit, f"evaluations/{SECOND}").locator("table.metrics").first.wait_for()
    assert visit.page.evaluate(SIDEWAYS) <= 0
    assert inside(visit, SIDEWAYS) <= 0
    assert 0 <= visit.page.locator("#evaluation .evaluation").bounding_box()["y"] <= PHONE[1] / 2
    visit.shot("phone-evaluation")


@pytest.mark.parametrize("visit", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_all_text_stands_out_and_the_frame_has_the_pages_paper(visit, request):
    press(visit, run=FIRST)
    report = frame(visit, f"evaluations/{FIRST}")
    report.locator("table.metrics").first.wait_for()
    assert visit.page.evaluate(CONTRAST) == []
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert inside(visit, paper) == visit.page.evaluate(paper)
    visit.shot(f"evaluation-{request.node.callspec.id}")


def test_the_sources_are_back_beside_the_conversation(visit):
    visit.page.get_by_role("tab", name="Ask").click()
    assert visit.page.locator("#panel").is_visible()
