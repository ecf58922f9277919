"""A real Chromium for the tests of the page, and one reader's window in it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENSHOTS = Path(__file__).parent / "screenshots"
PICTURES = Path(__file__).parent / "pictures"
"""Those that the README shows; drawn anew with GROUNDWIRE_PICTURES=1."""
_DRAW_PICTURES = os.environ.get("GROUNDWIRE_PICTURES") == "1"
DESKTOP, PHONE = (1280, 860), (390, 844)
# Text against what is behind it: the least ratio of WCAG's contrast of all visible text of the page.
CONTRAST = """() => {
  const light = (c) => { const v = c / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parts(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("gradio-app *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const [a, b] = [parts(getComputedStyle(node).color), behind(node)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${node.className}: ${node.textContent.slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# How much of the current quote lies inside its article's box, and that box inside the window.
IN_VIEW = """() => {
  const mark = document.querySelector("mark.current").getBoundingClientRect();
  const box = document.querySelector("mark.current").closest(".article-text").getBoundingClientRect();
  return mark.top >= box.top - 1 && mark.bottom <= box.bottom + 1 && mark.top >= 0 && mark.bottom <= innerHeight;
}"""


def unavailable(reason: str) -> None:
    if os.environ.get("GROUNDWIRE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file of tests: while it lives, no other event loop can run in this thread."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        unavailable("No Chromium is installed. On Debian: apt-get install chromium.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        unavailable("Playwright is not installed. Install the extra 'test'.")
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One reader's window, and everything that should never happen in it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def watch(self, address: str) -> None:
        home = urlsplit(address).netloc
        self.page.on("request", lambda one: self.wrong.append(one.url) if not _is_home(one.url, home) else None)
        self.page.on("console", lambda one: self.wrong.append(one.text) if one.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))

    def ask(self, question: str, *, turn: int = 1) -> None:
        self.page.get_by_label("Your question", exact=True).fill(question)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f"#turn-{turn} :is(.answer, .error)")

    def press(self, sentence: str, *, turn: int = 1) -> None:
        """Press the first number of the sentence of an answer that holds these words."""
        self.page.locator(f"#turn-{turn} .statement", has_text=sentence).locator("a.cite").first.click()
        self.page.wait_for_selector(f"#panel .sources[data-turn='{turn}'] mark.current")

    def marked(self) -> str:
        self.page.wait_for_selector("mark.current")
        return "".join(self.page.locator("mark.current").all_text_contents())

    def shot(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def picture(self, name: str) -> None:
        """A screenshot that the README shows."""
        self.shot(f"readme-{name}")
        if _DRAW_PICTURES:
            PICTURES.mkdir(exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{name}.png")


@contextmanager
def served(*command: str) -> Iterator[str]:
    """The address that a program prints; it is stopped as by Ctrl-C, and must end well."""
    root = Path(__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", *command], cwd=root, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        printed = server.stdout.readline().strip()
        assert printed, "the server ended before it was ready; its message is above"
        try:
            yield printed
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=20) == 0
        finally:
            server.kill()  # one that does not end would be waited for


@contextmanager
def visiting(browser: Browser, address: str, options: Mapping[str, Any]) -> Iterator[Visit]:
    """A window on a page; nothing that should never happen did, when it closes. Options are size and scheme."""
    width, height = options.get("size", DESKTOP)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=options.get("scheme", "light"),
        reduced_motion="reduce",
    )
    visit = Visit(context.new_page())
    visit.watch(address)
    visit.page.goto(address)
    visit.page.wait_for_selector(".masthead")
    visit.page.wait_for_selector("#conversation :is(.welcome, .exchange)", state="attached")
    yield visit
    context.close()
    assert visit.wrong == []


def _is_home(url: str, home: str) -> bool:
    return url.startswith("data:") or urlsplit(url).netloc == home
