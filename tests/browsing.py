"""A real Chromium for the tests of the page, and one reader's window in it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENSHOTS = Path(__file__).parent / "screenshots"
DESKTOP, PHONE = (1280, 860), (390, 844)


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
        self.page.get_by_label("Your question").fill(question)
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


def _is_home(url: str, home: str) -> bool:
    return url.startswith("data:") or urlsplit(url).netloc == home
