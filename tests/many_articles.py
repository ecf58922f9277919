"""A whole newsroom's articles for the tests of the page: taken in once, and copied before a test changes anything.

``GROUNDWIRE_ARTICLES`` names a file of articles as ``groundwire ingest`` takes it, some hundreds at least;
``GROUNDWIRE_ARCHIVE`` a folder where the archive of them is kept between runs. Both are read when tests are collected,
for no test sees them. What articles may lack (outlets, languages, reports that differ) a few of our own bring, of
things that never were.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from asking import asked

from rag import Archive
from ui.page.suggesting import question_about

_GIVEN = {name: os.environ.get(name) for name in ("GROUNDWIRE_ARTICLES", "GROUNDWIRE_ARCHIVE")}
ARTICLES, KEPT = (Path(given).absolute() if given else None for given in _GIVEN.values())
needed = pytest.mark.skipif(ARTICLES is None, reason="GROUNDWIRE_ARTICLES names no file of articles")
"""On each test that wants them."""

SERVE = """
import os, sys
from pathlib import Path
folder, port, model, suites = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
if suites:
    os.environ["GROUNDWIRE_RUNS"] = str(Path(suites) / "runs")
    from eval import suite
    suite.SHIPPED = Path(suites)
from rag import Archive
from ui.serving.server import serve
with Archive.open(folder, model=model) as archive:
    serve(archive, port=port, ready=lambda address: print(address, flush=True))
"""

WIRE = (
    "The lighthouse of Quorlanby was lit again on Monday after nine years in the dark, its keeper Ansa Teverell said.",
    "Divers had brought its lens up from the bay in March, wrapped in sailcloth and not even scratched.",
    "The Brelling Trust paid 640,000 crowns for the repair, of which a third came from fishermen.",
    "Children of the island's only school pulled the cord together, and the lamp turned before they let go.",
)
LIT = "How many crowns did the Brelling Trust pay for the repair of the lighthouse of Quorlanby?"
FLOOD = "The flood in Vexmouldham killed {} people, the rescue service said."
DROWNED = "How many people did the flood in Vexmouldham kill?"
NOBODY = "Who won the Zorblax tournament in Qyxhamptonwick?"
"""What no article answers."""


def _ours(day: str) -> Sequence[Mapping[str, str]]:
    """A report that three carry, two that differ, and one in another language."""
    wire = "\n\n".join(WIRE)
    made = [
        ("lit-1", "Lighthouse of Quorlanby lit again", wire, "Quorlanby Post", "en"),
        ("lit-2", "After nine years, light", wire, "Brelling Gazette", "en"),
        ("lit-3", "Quorlanby has its light back", wire, "Teverell Times", "en"),
        ("flood-1", "Flood in Vexmouldham", _flood(14, "in the lower town, where the river rose"), "Quorlanby Post", "en"),
        ("flood-2", "Vexmouldham under water", _flood(17, "along both banks of the mill canal"), "Brelling Gazette", "en"),
        ("phare", "قصة المنارة", "أضيئت المنارة عند الفجر.", "Quorlanby Post", "ar"),
    ]  # fmt: skip
    names = ("id", "title", "text", "source", "language")
    return [dict(zip(names, one, strict=True)) | {"published_at": day} for one in made]


def _flood(killed: int, where: str) -> str:
    return f"{FLOOD.format(killed)}\n\nHouses were searched {where} until late at night. Boats came from the coast."


def kept(scratch: Path) -> Path:
    """The archive of the articles, made where it is not there yet."""
    assert ARTICLES is not None
    folder = KEPT or scratch / "kept"
    if not (folder / "catalogue.sqlite3").exists():
        with Archive.open(folder, model="extractive") as archive:
            assert archive.ingest([ARTICLES]).added
    return folder


def copied(scratch: Path) -> Path:
    """A copy of it with our own few among them, of a day in its midst so that the newest stay the newest."""
    folder = scratch / "archive"
    shutil.copytree(kept(scratch), folder)
    with Archive.open(folder, model="extractive") as archive:
        rows = _ours(f"{midst(archive):%Y-%m-%d}")
        file = scratch / "ours.jsonl"
        file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
        assert archive.ingest([file]).added == len(rows)
    return folder


def midst(archive: Archive) -> datetime:
    """The day that as many articles are older as newer than."""
    found = archive.listing(offset=archive.overview().articles // 2, limit=1).articles[0].published_at
    return found or datetime(2020, 1, 1)


def answered(address: str, question: str, history: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """What programs are answered by the server of a page."""
    turns = [{"question": before, "answer": answer} for before, answer in history]
    body = json.dumps({"question": question, **({"history": turns} if turns else {})})
    reply = asked(address, "/api/ask", "POST", headers={"Content-Type": "application/json"}, body=body)
    assert reply.status == 200, reply.text
    told: dict[str, Any] = json.loads(reply.text)
    return told


def newest(archive: Archive, count: int) -> Sequence[str]:
    """A question about each of the newest articles."""
    return [question_about(article) for article in archive.newest(count)]


def several(archive: Archive, count: int) -> Sequence[str]:
    """So many questions whose answers cite more than one place each."""
    fit = (one for one in newest(archive, 60) if len(archive.ask(one).citations) > 1)
    found = list(islice(fit, count))
    assert len(found) == count, "too few of the newest articles have answers of several sentences"
    return found


def same(statements: Sequence[str], answer: Mapping[str, Any]) -> bool:
    """Whether sentences as the page shows them, with their numbers, are those of an answer or a summary."""
    texts = [one["text"] for one in answer["statements"]]
    return len(texts) == len(statements) and all(map(str.startswith, statements, texts))
