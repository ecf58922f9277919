"""With ``deep``, passages come from every side: the outlets named, and other outlets and days than the best ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag import Archive
from rag.records import Hit

WORDS = "The dock strike cost"


@pytest.fixture
def told(archive: Archive, tmp_path: Path) -> Archive:
    """Ten articles of one outlet say nearly the same; two others, on other days, say less of it."""
    for number in range(10):
        write(
            tmp_path,
            f"loud{number}",
            "Loud Daily",
            1,
            f"{WORDS} £{30 + number}m, the port said in statement {number}.",
        )
    write(tmp_path, "quiet", "Quiet Weekly", 1, "A strike of dockers may well have been dear.")
    write(tmp_path, "late", "Loud Daily", 9, "What dockers cost us, by strike, nobody had counted.")
    archive.ingest([tmp_path])
    return archive


def write(folder: Path, name: str, outlet: str, day: int, text: str) -> None:
    (folder / f"{name}.md").write_text(
        f"---\ntitle: {name}\nsource: {outlet}\npublished_at: 2024-03-{day:02}\n---\n\n{text}"
    )


def titles(archive: Archive, hits: tuple[Hit, ...]) -> set[str]:
    return {archive.article(hit.article_id).title for hit in hits}


def test_another_outlet_and_another_day_are_brought_in(told: Archive) -> None:
    question = f"{WORDS} how much?"
    assert "quiet" not in titles(told, told.ask(question, k=3).hits)
    assert {"quiet", "late"} <= titles(told, told.ask(question, k=3, deep=True).hits)


def test_an_outlet_named_in_the_question_is_searched_by_itself(told: Archive) -> None:
    hits = told.ask("What did the Quiet Weekly say the dock strike cost?", k=2, deep=True).hits
    assert "quiet" in titles(told, hits)


def test_the_limits_hold_for_every_side(told: Archive) -> None:
    hits = told.ask(f"{WORDS} how much?", k=3, deep=True, source="Loud Daily", until="2024-03-02").hits
    assert not {"quiet", "late"} & titles(told, hits)
