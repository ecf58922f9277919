"""Questions and paragraphs in the form of SQuAD 2.0, and which of their subjects the reader is trained on."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
TRAINED, HELD_OUT = 2, 1
"""Shares of the questions."""


def load(folder: Path, name: str) -> list[Row]:
    """The rows of a file of gzipped JSON lines."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def trained_on(titles: Sequence[str]) -> set[str]:
    """The subjects that the reader is trained on, given the subject of every question; the others judge it.

    Subjects go in the order of their hashes, each to the part that has least of its share.
    """
    counts = Counter(titles)
    trained: set[str] = set()
    questions = held_out = 0
    for title in sorted(counts, key=lambda title: hashlib.sha256(title.encode()).hexdigest()):
        if questions / TRAINED <= held_out / HELD_OUT:
            trained.add(title)
            questions += counts[title]
        else:
            held_out += counts[title]
    return trained
