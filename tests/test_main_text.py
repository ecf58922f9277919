"""How much of an article is found in pages of many shapes, and how little else."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from rag.intake.metadata import describe
from rag.intake.pages import from_html

PAGES = sorted((Path(__file__).parent / "main_text").glob("*.html"))


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words; of a shorter text the whole."""
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def f1(found: str, wanted: str) -> float:
    ours, theirs = shingles(found), shingles(wanted)
    shared = sum((ours & theirs).values())
    return 2 * shared / (sum(ours.values()) + sum(theirs.values()))


def main_text(file: Path) -> str:
    page = from_html(file.read_bytes())
    return describe(page.fields, page.text).article.text


def test_the_measure_counts_shared_runs_of_four_words() -> None:
    assert f1("one two three four five", "one two three four six") == 0.5
    assert f1("one two three four", "one two three four") == 1.0


def test_main_text_of_pages_of_many_shapes_is_found() -> None:
    assert len(PAGES) >= 20
    scores = {file.stem: f1(main_text(file), file.with_suffix(".txt").read_text("utf-8")) for file in PAGES}
    shown = "\n".join(f"{score:.3f} {name}" for name, score in scores.items())
    assert sum(scores.values()) / len(scores) >= 0.93, shown


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_no_page_is_lost(file: Path) -> None:
    assert f1(main_text(file), file.with_suffix(".txt").read_text("utf-8")) >= 0.6
