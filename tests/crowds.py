"""Many readers at once, each with a question of its own, and a model that answers none before all have asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import TypeVar

from chat_servers import PATH, WAIT, chunks, failing, sse
from pytest_httpserver import HTTPServer
from stepping import copied
from werkzeug import Request, Response

from rag import Archive

READERS = 24
Got = TypeVar("Got")

TOWNS = (
    "Alderwick Brackmoor Caldry Dunmere Eskholt Fenwater Garrowby Hexley Inverlow Jarrowmont Kestrelby Lowmarsh "
    "Marlgate Netherby Oxcombe Pennyford Quillhaven Redmere Saltash Thornley Umberfield Vexholm Wyrebridge Yarlside"
).split()
"""One for each reader."""
CAUGHT = "The ferry of {town} carried {number} passengers to the island on Monday."


def told(place: int) -> str:
    """What the article of one town says."""
    return CAUGHT.format(town=TOWNS[place], number=1_100 + 7 * place)


def question(place: int) -> str:
    """What one reader asks, of one town."""
    return f"How many passengers did the ferry of {TOWNS[place]} carry?"


def fill(archive: Archive, folder: Path) -> None:
    """One article of each town, taken in from a file in a folder."""
    file = folder / "towns.jsonl"
    file.write_text("\n".join(json.dumps(_article(place)) for place in range(len(TOWNS))), "utf-8")
    assert archive.ingest([file]).added == len(TOWNS)


def _article(place: int) -> dict[str, str]:
    town = TOWNS[place]
    text = f"{told(place)}\n\nThe harbour master of {town} was pleased."
    return {"id": town.lower(), "title": f"{town} ferry is back", "text": text, "source": f"{town} Post"}


def at_once(act: Callable[[int], Got], readers: int = READERS) -> Sequence[Got]:
    """What each of the readers got, who all began at the same moment."""
    start = Barrier(readers)

    def one(place: int) -> Got:
        start.wait(WAIT)
        return act(place)

    with ThreadPoolExecutor(readers) as crowd:
        return list(crowd.map(one, range(readers)))


class Gathering:
    """A model that answers once so many requests are with it; each answer copies what its own request holds."""

    def __init__(self, server: HTTPServer, readers: int = READERS) -> None:
        self._all = Barrier(readers)
        self.most = 0
        server.expect_request(PATH).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        try:
            self.most = max(self.most, self._all.n_waiting + 1)
            self._all.wait(WAIT)
        except BrokenBarrierError:
            return failing(400, f"Only {self.most} readers were served at once.")
        asked = json.loads(request.get_data())
        lines = [line for line in copied(request) if _town(asked) in line]
        return Response(sse(chunks(lines[0])), mimetype="text/event-stream")


def _town(asked: dict[str, list[dict[str, str]]]) -> str:
    last = asked["messages"][-1]["content"]
    after = last[last.rindex("Question: ") :]
    return next(town for town in TOWNS if town in after)
