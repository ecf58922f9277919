"""A server in a process of its own that is killed and begun again under the pages that are open, and such a page."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from browsing import DESKTOP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# The archive's summaries of the word "wait", and all cases of a suite but the first, wait while the test holds the gate.
# Nothing is loaded ahead, for most of what is begun again is asked nothing.
SERVE = """
import fcntl, json, os, sys
from pathlib import Path
folder, port, access = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
os.environ["GROUNDWIRE_RUNS"] = str(folder / "runs")
from eval import suite
from eval.systems import ours
from rag import Archive
from ui.serving.access import Access
from ui.serving.server import serve
suite.SHIPPED, answer, summarize = folder / "suites", ours.answer, Archive.summarize
def wait(free):
    with open(folder / "gate") as gate:
        fcntl.flock(gate, fcntl.LOCK_UN if free else fcntl.LOCK_SH)
def gated(archive, case, **options):
    wait(case.id == "c1")
    return answer(archive, case, **options)
def slow(archive, *ids, **options):
    wait(options.get("query") != "wait")
    return summarize(archive, *ids, **options)
ours.answer, Archive.summarize, Archive.warm_up = gated, slow, lambda archive: None
with Archive.open(folder / "archive") as archive:
    serve(archive, port=port, access=Access(**access), ready=lambda address: print(address, flush=True))
"""


BEGUN = "#conversation :is(.suggestion, .exchange)"
"""There once a page has all that it asks for at its beginning: one whose server goes meanwhile is loaded anew."""


class Server:
    """One in a process of its own, which is killed and begun again at the same address."""

    def __init__(self, folder: Path, **access: str) -> None:
        self._folder, self._access, self._port = folder, access, "0"
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def begin(self) -> None:
        command = [sys.executable, "-c", SERVE, str(self._folder), self._port, json.dumps(self._access)]
        root = Path(__file__).parents[1]
        self._process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        self._port = re.findall(r":(\d+)/", self.address)[0]

    def kill(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()

    def renew(self) -> None:
        """Kill it and begin it again: it knows nothing of what pages hold."""
        self.kill()
        self.begin()


@contextmanager
def serving(folder: Path, **access: str) -> Iterator[Server]:
    server = Server(folder, **access)
    server.begin()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def window(browser: Browser, server: Server, *, ready: str = BEGUN) -> Iterator[Page]:
    width, height = DESKTOP
    context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    page.goto(server.address)
    page.wait_for_selector(ready, state="attached")
    yield page
    assert "Traceback" not in page.locator("body").inner_text()
    context.close()
