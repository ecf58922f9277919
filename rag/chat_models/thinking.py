"""Leaves out what a model thinks aloud between <think> and </think>, in text that comes in pieces."""

from __future__ import annotations

OPENING, CLOSING = "<think>", "</think>"


class Spoken:
    """Takes a reply piece by piece and gives back what is not thought."""

    def __init__(self) -> None:
        self._pending = ""
        self._thinking = False

    def feed(self, piece: str) -> str:
        """What of the text so far is certain to be spoken and was not given before."""
        self._pending += piece
        spoken = ""
        while (at := self._pending.find(self._tag)) >= 0:
            spoken += "" if self._thinking else self._pending[:at]
            self._pending = self._pending[at + len(self._tag) :]
            self._thinking = not self._thinking
        keep = _begun(self._pending, self._tag)
        certain = self._pending[: len(self._pending) - keep]
        self._pending = self._pending[len(certain) :]
        return spoken if self._thinking else spoken + certain

    def end(self) -> str:
        """What was held back because it could have become a tag."""
        return "" if self._thinking else self._pending

    @property
    def _tag(self) -> str:
        return CLOSING if self._thinking else OPENING


def _begun(text: str, tag: str) -> int:
    """Characters at the end of the text that may be the start of the tag."""
    return next((length for length in range(len(tag) - 1, 0, -1) if text.endswith(tag[:length])), 0)
