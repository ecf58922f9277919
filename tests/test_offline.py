"""Everything works with the network off: every command is ended the moment it looks beyond this machine.

What native code does is not seen here; .ci/run repeats these tests where there is no network but loopback.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).parents[1]
SOMEWHERE = ("192.0.2.1", 9)
"""An address set aside for documentation."""
GUARDED = """
import os, sys

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0] or "localhost"
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", "0.0.0.0", b"localhost"):
        # An exception could be caught by whoever wanted to look.
        os.write(2, f"looked beyond this machine: {event} {host}\\n".encode())
        os._exit(97)

sys.addaudithook(guard)
sys.argv[0] = "groundwire"
"""
COMMAND = GUARDED + "from ui.cli import main\nmain()"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("offline") / "archive"
    assert groundwire("ingest", str(ROOT / "seeds"), "--archive", str(folder))["failed"] == []
    return folder


def test_the_guard_ends_what_looks_outside() -> None:
    code = f"{GUARDED}import socket\ntry:\n    socket.create_connection({SOMEWHERE})\nfinally:\n    print('went on')"
    ended = run(code)
    assert ended.returncode == 97
    assert ended.stdout == ""


@pytest.mark.skipif(os.environ.get("GROUNDWIRE_NETWORK") != "off", reason="GROUNDWIRE_NETWORK=off is not set")
@pytest.mark.enable_socket
def test_there_is_no_way_out() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward, pytest.raises(OSError, match="unreachable"):
        outward.connect(SOMEWHERE)


def test_a_question_is_answered_from_articles_taken_in(folder: Path) -> None:
    answer = groundwire("ask", "Who is the aviation plant named after?", "--archive", str(folder))
    assert "Gagarin" in answer["answer"]
    assert answer["model"] == "extractive"
    cited = answer["citations"][0]
    article = groundwire("articles", "show", cited["article_id"], "--archive", str(folder))
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_articles_are_summarised(folder: Path) -> None:
    summary = groundwire("summarize", "kim-plant-visit", "--archive", str(folder))
    assert summary["used"] == ["kim-plant-visit"]
    assert all(statement["verdict"] == "supported" for statement in summary["statements"])


def test_a_suite_is_run() -> None:
    report = groundwire("eval", "run", "seeds", "--limit", "3")
    assert report["suite"]["name"] == "seeds"


def test_the_sample_page_is_served(tmp_path: Path) -> None:
    for address in demo(tmp_path):
        with urlopen(address, timeout=60) as page:
            assert page.status == 200
            assert b"Groundwire" in page.read()


def demo(tmp_path: Path) -> Iterator[str]:
    """The address of a demonstration that runs until the caller is done."""
    command = [sys.executable, "-c", COMMAND, "serve", "--demo", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())["address"]
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode == 0


def groundwire(*arguments: str) -> Any:
    ended = run(COMMAND, *arguments, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environment(), capture_output=True, text=True, check=False
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
