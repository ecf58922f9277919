"""Groundwire: answers and summaries of news articles, every sentence tied to the exact words that bear it."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.archive import Archive
    from rag.errors import GroundwireError
    from rag.records import (
        Answer,
        Article,
        Citation,
        Hit,
        IngestReport,
        Refusal,
        Statement,
        Turn,
    )
    from rag.summary import Summary

__all__ = [
    "Answer",
    "Archive",
    "Article",
    "Citation",
    "GroundwireError",
    "Hit",
    "IngestReport",
    "Refusal",
    "Statement",
    "Summary",
    "Turn",
]


def __getattr__(name: str) -> object:
    """Load a name when it is used: a command that only prints help should not wait for numpy."""
    if name not in __all__:
        raise AttributeError(f"module 'rag' has no attribute '{name}'")
    homes = {"Archive": "rag.archive", "GroundwireError": "rag.errors", "Summary": "rag.summary"}
    home = homes.get(name, "rag.records")
    return getattr(import_module(home), name)
