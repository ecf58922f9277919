"""The two archives that the page is measured on, and the page's own command serving one of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.archives import opened
from benchmarks.search_speed import copied
from rag import Archive


@dataclass(frozen=True, slots=True)
class Served:
    """A page that is ready, and when it said so, in seconds since the epoch."""

    address: str
    ready: float


def articles(kept: Path, data: Path) -> Path:
    """An archive of all the articles, made where it is not there yet."""
    folder = kept / "articles"
    if not folder.exists():
        with Archive.open(folder, model="extractive") as archive:
            archive.ingest([data / "news_articles_2023.jsonl.gz"])
    return folder


def passages(kept: Path, data: Path, count: int) -> Path:
    """One of so many passages and more, of the same articles over and over."""
    folder = kept / f"passages-{count}"
    if not folder.exists():
        original = opened(articles(kept, data))
        copied(folder, original, count).close()
        original.close()
    return folder


@contextmanager
def serving(archive: Path, *, model: str = "extractive", model_at: str | None = None) -> Iterator[Served]:
    """``groundwire serve`` on an archive, ended as by Ctrl-C. ``model_at`` is where the model's server is."""
    asked = ["serve", "--port", "0", "--json", "--archive", str(archive), "--model", model]
    at = {} if model_at is None else {"OPENAI_BASE_URL": model_at}
    code = "from ui.cli import main; main()"
    command = [sys.executable, "-c", code, *asked]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **at}) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        ready = time.time()
        try:
            yield Served(json.loads(line)["address"], ready)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
