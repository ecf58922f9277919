"""How long each of many readers waits who ask at once, against one who asks alone.

    python -m benchmarks.crowd --data FOLDER [--readers N] [--rounds N] [--thinking SECONDS ...] [--kept FOLDER]

FOLDER holds news_articles_2023 and news_questions_2023 as gzipped JSON lines. Every reader asks another question
over HTTP, of one server, on all the articles: without a model, and with one that takes so many seconds over every
request however many it has. Alone each of the same questions is asked first, one after another, so that both had the
same questions warm; only questions that are answered count. The ratio is of the slowest of all at once to the median
alone, and of the worst to its own time alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import httpx
import numpy as np

from benchmarks.own_time import Copying
from benchmarks.page_archives import articles, serving
from rag.models.reader.data import load
from ui.readers import COOKIE, new_reader

PATIENCE = 120


class Thinking(BaseHTTPRequestHandler):
    """An OpenAI-compatible model that takes its time, then copies a sentence of each of the first passages."""

    protocol_version = "HTTP/1.1"
    seconds: float

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.seconds)
        text = Copying().invoke(asked["messages"][-1]["content"]).text
        told = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        choices = [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": "stop"}]
        self._send(f"data: {json.dumps(told | {'choices': choices})}\n\ndata: [DONE]\n\n", "text/event-stream")

    def do_GET(self) -> None:
        self._send('{"object": "list", "data": []}', "application/json")

    def _send(self, body: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments: object) -> None:
        """Nothing is printed but the figures."""


@contextmanager
def thinking(seconds: float) -> Iterator[str]:
    """The address of the scripted model."""
    handler = type("Model", (Thinking,), {"seconds": seconds})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def asked(address: str, question: str, client: httpx.Client) -> dict[str, Any]:
    """The whole answer to a question, however it came."""
    # Each question is another reader's: one alone may not ask so many a minute.
    reader = {"Cookie": f"{COOKIE}={new_reader()}"}
    posted = client.post(f"{address}api/ask/stream", json={"question": question}, headers=reader)
    *_, last = (line for line in posted.raise_for_status().text.splitlines() if line.startswith("data: "))
    answer: dict[str, Any] = json.loads(last.removeprefix("data: "))["answer"]
    return answer


def asking(address: str, client: httpx.Client) -> Callable[[str], float]:
    """What says how many seconds one question took."""

    def ask(question: str) -> float:
        began = time.perf_counter()
        asked(address, question, client)
        return time.perf_counter() - began

    return ask


def answerable(address: str, questions: Iterator[str], count: int, client: httpx.Client) -> list[str]:
    """The first questions that are not refused: a refusal asks no model, and would pass for a quick answer."""
    return list(islice((one for one in questions if asked(address, one, client)["refusal"] is None), count))


def at_once(ask: Callable[[str], float], questions: Sequence[str]) -> list[float]:
    """Each reader's seconds, all having begun together."""
    start = Barrier(len(questions))

    def one(question: str) -> float:
        start.wait()
        return ask(question)

    with ThreadPoolExecutor(len(questions)) as crowd:
        return list(crowd.map(one, questions))


def measured(name: str, ask: Callable[[str], float], questions: Sequence[str], rounds: int) -> None:
    """The figures of one server, printed."""
    for question in questions:
        ask(question)
    alone = np.array([ask(question) for question in questions])
    print(f"{name}: alone median {np.median(alone):.3f} s, slowest {alone.max():.3f} s")
    for _ in range(rounds):
        crowd = np.array(at_once(ask, questions))
        print(
            f"  {len(questions)} at once: median {np.median(crowd):.3f} s, slowest {crowd.max():.3f} s;"
            f" slowest / median alone {crowd.max() / np.median(alone):.1f},"
            f" worst against itself alone {(crowd / alone).max():.1f}",
            flush=True,
        )


def main() -> None:
    """Build, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--readers", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--thinking", type=float, nargs="*", default=[1.0, 2.0], help="seconds that a model takes")
    parser.add_argument("--kept", type=Path, help="where the archives are kept; else they are made and removed")
    options = parser.parse_args()
    asked_for = (row["question"] for row in load(options.data, "news_questions_2023"))
    # A client of each reader's own would take a tenth of the processor that is measured, only to be made.
    with tempfile.TemporaryDirectory() as scratch, httpx.Client(timeout=PATIENCE) as client:
        folder = articles(options.kept or Path(scratch), options.data)
        with serving(folder) as served:
            questions = answerable(served.address, asked_for, options.readers, client)
            measured("without a model", asking(served.address, client), questions, options.rounds)
        for seconds in options.thinking:
            with thinking(seconds) as model_at, serving(folder, model="openai:m", model_at=model_at) as served:
                measured(
                    f"a model that takes {seconds:g} s", asking(served.address, client), questions, options.rounds
                )


if __name__ == "__main__":
    main()
