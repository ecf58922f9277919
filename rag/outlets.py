"""What to tell someone who limited a question to an outlet that no article is from."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

LISTED = 5
"""Outlets named at most."""


def missing(source: str, outlets: Sequence[str]) -> str | None:
    """One line that says an outlet is not there and which are, the likeliest first; ``None`` where it is there.

    A step that finds nothing within its filters asks, where ``filters.source`` is given, before any other reason::

        message = outlets.missing(filters.source, catalogue.sources())
        if message is not None:
            return _refused(inquiry, "filtered_out", message)
    """
    wanted = source.casefold()
    if any(outlet.casefold() == wanted for outlet in outlets):
        return None
    if not outlets:
        return f"No article is from '{source}': none here names its outlet. Leave the source out."
    ordered = sorted(outlets, key=lambda outlet: (-_likeness(outlet.casefold(), wanted), outlet))
    rest = len(ordered) - LISTED
    listed = ", ".join(ordered[:LISTED]) + (f" and {rest} more" if rest > 0 else "")
    return f"No article is from '{source}'. Outlets here: {listed}."


def _likeness(outlet: str, wanted: str) -> float:
    """How alike two spellings are, in tenths: only what is clearly closer comes first."""
    inside = bool(wanted) and (wanted in outlet or outlet in wanted)
    return 1.0 if inside else round(SequenceMatcher(None, outlet, wanted).ratio(), 1)
