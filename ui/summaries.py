"""What the page does when its reader wants a summary: plain functions from what was chosen to what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rag.errors import GroundwireError, UsageError
from rag.summary import STYLES, Progress, Summary, Watch
from ui.cited import EMPTY as NO_SOURCES
from ui.cited import sources_html
from ui.conversation import LONGEST_QUESTION, sources
from ui.exports.download import download_html
from ui.making import Making
from ui.markup import error_html
from ui.render import day, headline
from ui.summary_html import TURN, progress_html, summary_html

if TYPE_CHECKING:
    from rag import Archive

STORIES = 200
"""Articles offered to name a story by, the newest."""
UNITS = ("sentences", "words")
_LONGEST_NUMBER = 6
"""Digits."""
FAILED = "Something went wrong while summarising. The server's terminal has the details; try again."
_STOPPED = "Stopped before the summary was written."
Choice = tuple[str, str]
"""What is read, and the value that stands for it."""
ANY_OUTLET: Choice = ("All outlets", "")
ANY_STORY: Choice = ("Any story", "")


@dataclass(frozen=True, slots=True)
class Made:
    """What the page holds: a summary, one that is being made, or none."""

    summary: Summary | None = None
    key: str = ""
    """By which it is stopped while it is being made."""


Shown = tuple[Made, str, str]
"""What is held, the summary as HTML, and its sources."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a reader chose, as it came from the browser."""

    query: str | None = None
    story: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    style: str = STYLES[0]
    amount: str | None = None
    unit: str = UNITS[0]

    @property
    def options(self) -> dict[str, Any]:
        """What ``Archive.summarize`` takes; what was left empty is left out.

        Raises:
            UsageError: the length is no number.
        """
        given = {
            "query": _text(self.query),
            "story": _text(self.story),
            "source": _text(self.source),
            "since": _text(self.since),
            "until": _text(self.until),
            self.unit: _number(self.amount),
        }
        return {"style": self.style} | {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Summaries:
    """One archive's summaries; the one shown is passed in and handed back."""

    archive: Archive
    model: str | None = None
    _making: dict[str, Making[Progress, Summary]] = field(default_factory=dict)

    def outlets(self) -> list[Choice]:
        """The outlets to choose from, and all of them."""
        return [ANY_OUTLET, *((outlet, outlet) for outlet in self.archive.outlets())]

    def stories(self) -> list[Choice]:
        """The newest articles, each of which names its story."""
        newest = self.archive.articles()[:STORIES]
        named = [(f"{headline(one.title)} ({day(one.published_at)})", one.id) for one in newest]
        return [ANY_STORY, *named]

    def summarise(self, form: Form) -> Iterator[Shown]:
        """The summary as it comes about, whole at last; an error becomes its line."""
        key = uuid4().hex
        yield Made(key=key), progress_html(None), NO_SOURCES
        try:
            self._making[key] = making = Making(partial(self._make, form.options), stopped=_STOPPED)
            for step in making.steps():
                if isinstance(step, Summary):
                    yield Made(step), summary_html(step), self.cited(Made(step), None)
                else:
                    yield Made(key=key), progress_html(step), NO_SOURCES
        except GroundwireError as error:
            yield Made(), error_html(str(error)), NO_SOURCES
        finally:
            self._making.pop(key, None)

    def stop(self, made: Made) -> None:
        """Break off the summary that is being made."""
        if making := self._making.get(made.key):
            making.stop()

    def cited(self, made: Made, number: object) -> str:
        """The sources of the summary shown; the number comes from the browser and may be anything."""
        if made.summary is None:
            return NO_SOURCES
        current = number if isinstance(number, int) else None
        return sources_html(made.summary, sources(self.archive, made.summary), turn=TURN, current=current)

    def exported(self, made: Made, form: object) -> str:
        """The summary shown, as a file for the browser to keep."""
        return download_html(made.summary, form) if made.summary else ""

    def _make(self, options: dict[str, Any], watch: Watch) -> Summary:
        return self.archive.summarize(model=self.model, progress=watch, **options)


def _text(value: str | None) -> str | None:
    """What was typed without outer space; ``None`` where that is nothing."""
    # A browser can send half a surrogate pair, which nothing further down can encode.
    return (value or "")[: LONGEST_QUESTION + 1].encode("utf-8", "replace").decode().strip() or None


def _number(value: str | None) -> int | None:
    text = _text(value)
    if text is None:
        return None
    if not text.isdecimal() or len(text) > _LONGEST_NUMBER:
        raise UsageError(f"The length is '{text[:40]}'; write a number, or leave it out.")
    return int(text)
