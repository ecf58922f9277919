"""Where things are on the page, by role and name wherever they have one: one place for each, for the tests of it all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TALK, PANEL = "#talk", "#panel"
STATEMENT = ".statement"
MARK = "#panel mark"
FINISHED = ":is(.answer, .error)"
"""In a turn: that it is over."""
SETTLED = """async () => {
  for (let frame = 0; frame < 4; frame += 1) await new Promise((go) => requestAnimationFrame(go));
}"""
"""Gradio gives the fields of a view their first values again, a frame or two after it was first opened."""


def question(page: Page) -> Locator:
    """The box a question is typed into."""
    return page.get_by_label("Your question", exact=True)


def start_over(page: Page) -> None:
    """Begin a new conversation, and wait until it is there."""
    page.get_by_role("button", name=re.compile("start over|new conversation|new question", re.IGNORECASE)).click()
    page.wait_for_selector(".welcome")


def tabs(page: Page) -> list[str]:
    """The names of all views."""
    return [tab.inner_text().strip() for tab in page.get_by_role("tab").all()]


def go_to(page: Page, tab: str) -> None:
    """Open a view."""
    page.get_by_role("tab", name=tab, exact=True).click()
    page.locator(f"[role=tab][aria-selected=true]:text-is('{tab}')").wait_for()
    page.get_by_role("tabpanel").filter(visible=True).first.wait_for()
    page.evaluate(SETTLED)


def turn(page: Page, number: int) -> Locator:
    """One question with its answer."""
    return page.locator(f"#turn-{number}")


def numbers(page: Page, number: int) -> Locator:
    """The numbers to press in one answer."""
    return turn(page, number).locator("a.cite")
