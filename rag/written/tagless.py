"""Text as it streams in, without HTML: tags, comments, and what scripts, styles and reasoning marks enclose."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(?:!--|/?[a-zA-Z][\w:-]*|[!?])")
_ENCLOSING = re.compile(r"<(script|style|think|thinking|iframe|svg|template|noscript)\b", re.IGNORECASE)
LONGEST = 2_000
"""Characters of a tag; a "<" that is not closed within so many is text."""


class Tagless:
    """Feeds on deltas; what it gives back is certain to be outside of tags."""

    def __init__(self) -> None:
        self._held = ""
        self._enclosed_by = ""

    def feed(self, delta: str) -> str:
        """What of the text is certain after one more delta."""
        self._held += delta
        return self._certain(ended=False)

    def finish(self) -> str:
        """What was held back and begins no tag; an unclosed tag, and what it encloses, is dropped."""
        return self._certain(ended=True)

    def _certain(self, *, ended: bool) -> str:
        kept = ""
        while self._held:
            if self._enclosed_by:
                if not self._leave(ended=ended):
                    break
                continue
            before, _, _ = self._held.partition("<")
            kept += before
            self._held = self._held[len(before) :]
            if not self._held:
                break
            if not (tag := _TAG.match(self._held)):
                if self._held in ("<", "</") and not ended:
                    break
                kept, self._held = kept + "<", self._held[1:]
            elif (end := self._end_of(tag.group())) >= 0:
                opening = _ENCLOSING.match(self._held)
                self._enclosed_by = opening.group(1).lower() if opening and self._held[end - 2] != "/" else ""
                self._held = self._held[end:]
            elif ended or len(self._held) > LONGEST:
                self._held = self._held[tag.end() :]
            else:
                break
        return kept

    def _end_of(self, opening: str) -> int:
        closing = "-->" if opening == "<!--" else ">"
        found = self._held.find(closing)
        return found + len(closing) if found >= 0 else -1

    def _leave(self, *, ended: bool) -> bool:
        """Whether what encloses the text was closed; what is enclosed is dropped."""
        closing = re.compile(rf"</{self._enclosed_by}[^>]*>", re.IGNORECASE)
        if found := closing.search(self._held):
            self._held, self._enclosed_by = self._held[found.end() :], ""
            return True
        # Enough stays to know a closing tag that has only partly come.
        self._held = "" if ended else self._held[-LONGEST:]
        return False
