"""Reasoning that a model writes before its reply, between ``<think>`` marks, is no part of the reply."""

from __future__ import annotations

_OPEN, _SHUT = "<think>", "</think>"


class Unthought:
    """The deltas of a reply without the reasoning at its start."""

    def __init__(self) -> None:
        self._held = ""
        self._begun = False

    def feed(self, delta: str) -> str:
        """What of the reply is certain after one more delta."""
        if self._begun:
            return delta
        self._held += delta
        start = self._held.lstrip()
        if start.startswith(_OPEN):
            _, shut, rest = start.partition(_SHUT)
            return self._begin(rest.lstrip()) if shut else ""
        return "" if _OPEN.startswith(start[: len(_OPEN)]) else self._begin(self._held)

    def finish(self) -> str:
        """What was held back and is none."""
        held = "" if self._begun or self._held.lstrip().startswith(_OPEN) else self._held
        self._begun = True
        return held

    def _begin(self, text: str) -> str:
        self._begun, self._held = True, ""
        return text
