"""How quick the page is in a real Chromium, on all the articles and on many passages.

    python -m benchmarks.page --data FOLDER [--passages N] [--questions N] [--starts N] [--kept FOLDER]

FOLDER holds news_articles_2023 and news_questions_2023 as gzipped JSON lines. Measured are the first paint and the
masthead after ``serve`` said that it is ready; the complete answer on the page after Enter, for the first question of
a server and for others, beside ``Archive.ask`` alone on the same question just before; and the rows of the library
after a key. The two archives are left in ``--kept`` for the next time. Times depend on the machine and what else it
does: compare those of one run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.page_archives import Served, articles, passages, serving
from rag import Archive
from rag.models.reader.data import load

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# When something was first seen, to the millisecond of the frame that shows it, is noted in the page itself.
WATCH = """
window.seen = {};
window.awaitShown = (name, selector) => {
  const shown = () => [...document.querySelectorAll(selector)].some((one) => one.checkVisibility());
  const note = () => {
    if (window.seen[name] || !shown()) return false;
    window.seen[name] = performance.now();
    return true;
  };
  const watcher = new MutationObserver(() => note() && watcher.disconnect());
  watcher.observe(document, { subtree: true, childList: true, attributes: true });
};
window.awaitShown("masthead", ".masthead");
window.awaitShown("welcome", ".suggestion");
document.addEventListener("keydown", ({ key }) => { if (key === "Enter") window.entered = performance.now(); }, true);
document.addEventListener("input", () => { window.typed = performance.now(); }, true);
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LIBRARY_KEYS = "election"


@dataclass(frozen=True, slots=True)
class Opening:
    """Seconds after the server was ready at which each was first seen."""

    paint: float
    masthead: float
    welcome: float


def opening(browser: Browser, served: Served) -> Opening:
    """A new reader's first look."""
    with _page(browser, served) as page:
        page.wait_for_function("window.seen.welcome && " + PAINTED)
        began = page.evaluate("performance.timeOrigin") / 1000 - served.ready
        paint, seen = page.evaluate(PAINTED), page.evaluate("window.seen")
        return Opening(*(began + one / 1000 for one in (paint, seen["masthead"], seen["welcome"])))


def answers(browser: Browser, served: Served, archive: Archive, questions: Sequence[str]) -> np.ndarray:
    """For each question the seconds of ``Archive.ask`` alone, and from Enter to the complete answer (n, 2)."""
    rows = []
    with _page(browser, served) as page:
        for question in questions:
            began = time.perf_counter()
            archive.ask(question)
            alone = time.perf_counter() - began
            rows.append((alone, _answered(page, question)))
    return np.array(rows)


def _answered(page: Page, question: str) -> float:
    page.locator("#new").click()
    page.wait_for_selector(".suggestion")
    page.get_by_label("Your question").fill(question)
    page.evaluate("delete window.seen.answer; window.awaitShown('answer', '.exchange .answer')")
    page.keyboard.press("Enter")
    page.wait_for_function("window.seen.answer")
    return float(page.evaluate("(window.seen.answer - window.entered) / 1000"))


def rows_after_a_key(browser: Browser, served: Served) -> np.ndarray | None:
    """Seconds from a key in the library's search box to its rows, for each key; ``None`` without a library."""
    with _page(browser, served) as page:
        tab = page.get_by_role("tab", name="Library")
        if not tab.count():
            return None
        tab.click()
        box = page.get_by_role("searchbox").first
        box.wait_for()
        return np.array([_rows(page, box, LIBRARY_KEYS[:length]) for length in range(1, len(LIBRARY_KEYS) + 1)])


def _rows(page: Page, box: Any, typed: str) -> float:
    # What is found differs with every key, or at least its total does: the region of the rows is drawn anew.
    page.evaluate(
        """() => { delete window.drawn; const box = document.querySelector("[role=tabpanel]:has(input[type=search])");
        const watcher = new MutationObserver(() => { window.drawn = performance.now(); });
        watcher.observe(box, { subtree: true, childList: true, characterData: true }); }"""
    )
    box.press(typed[-1])
    page.wait_for_function("window.drawn > window.typed")
    return float(page.evaluate("(window.drawn - window.typed) / 1000"))


@contextmanager
def _page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(served.address, wait_until="commit")
    page.wait_for_selector(".masthead")
    yield page
    context.close()


def measured(browser: Browser, folder: Path, questions: Sequence[str], starts: int) -> None:
    """One archive's figures, printed."""
    opened, first = [], []
    for start in range(starts):
        with serving(folder) as served:
            opened.append(opening(browser, served))
            with _page(browser, served) as page:
                first.append(_answered(page, questions[0]))
            if start == 0:
                _line("second reader", [opening(browser, Served(served.address, time.time())).paint])
                with Archive.open(folder, model="extractive") as archive:
                    archive.warm_up()
                    times = answers(browser, served, archive, questions)
                _line("Archive.ask alone", times[:, 0])
                _line("Enter to answer", times[:, 1])
                _line("the page's own", times[:, 1] - times[:, 0])
                keys = rows_after_a_key(browser, served)
                _line("library, a key", [] if keys is None else keys)
    _line("first of a server", first)
    for name in ("paint", "masthead", "welcome"):
        _line(f"ready to {name}", [getattr(one, name) for one in opened])


def _line(name: str, seconds: Sequence[float] | np.ndarray) -> None:
    if not len(seconds):
        print(f"  {name:20} not there")
        return
    middle, high, most = np.quantile(seconds, (0.5, 0.95, 1))
    print(
        f"  {name:20} median {middle:6.3f} s   p95 {high:6.3f} s   most {most:6.3f} s   of {len(seconds)}", flush=True
    )


def main() -> None:
    """Build, serve, look, print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=30)
    parser.add_argument("--starts", type=int, default=3, help="times the server is started for the first look")
    parser.add_argument("--kept", type=Path, help="where the archives are kept; else they are made and removed")
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
    options = parser.parse_args()
    questions = [row["question"] for row in load(options.data, "news_questions_2023")][: options.questions]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        kept = options.kept or Path(scratch)
        for folder in (articles(kept, options.data), passages(kept, options.data, options.passages)):
            print(folder.name)
            measured(browser, folder, questions, options.starts)
        browser.close()


if __name__ == "__main__":
    main()
