"""What a first answer loads besides looking: indexes, networks, and what tells languages apart; loaded ahead."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from rag import evidence, question, scripts
from rag.records import Filters
from rag.shelf import Shelf

WORDS = "Breaking news today"
"""A question without small words, so that its language has to be told."""


def warm_up(shelf: Shelf) -> None:
    """Find and weigh something for a question that nobody asked; an embedder elsewhere is not bothered with it."""
    with ThreadPoolExecutor(1, thread_name_prefix="warming") as beside:
        told = beside.submit(scripts.is_english, WORDS)
        hits = shelf.search(WORDS, 1, Filters()) if shelf.english_only else []
        told.result()
    shelf.weigh(question.read(WORDS), evidence.candidates(hits, shelf.article), 1, lambda weighed: False)
