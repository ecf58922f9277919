"""The server ends at Ctrl-C although an answer is still written for a page, in a real Chromium, that was closed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import Visit, served, visiting
from chat_servers import WAIT, Slow
from pytest_httpserver import HTTPServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SERVE = """
import sys
from pathlib import Path
from rag import Archive
from ui.serving.server import serve
folder = Path(sys.argv[1])
(folder / "harbour.txt").write_text("Harbour\\n\\nThe strike had stopped 40 ships. The town had lost $1.2bn.")
with Archive.open(folder / "archive", model="openai:m") as archive:
    archive.ingest([folder / "harbour.txt"])
    serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""


@pytest.fixture
def model(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Slow:
    """It never comes to an end."""
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    return Slow(httpserver, "The strike ")


@pytest.fixture
def visit(browser: Browser, model: Slow, tmp_path: Path) -> Iterator[Visit]:
    """A page that is closed, before its server is interrupted and must end."""
    with served(SERVE, str(tmp_path)) as address, visiting(browser, address, {}) as visit:
        yield visit


def test_an_answer_that_nobody_awaits_any_more_is_broken_off(visit: Visit, model: Slow) -> None:
    visit.page.get_by_label("Your question").fill("How many ships did the strike stop?")
    visit.page.keyboard.press("Enter")
    assert model.asked.wait(WAIT)
