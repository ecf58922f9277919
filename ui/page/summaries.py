"""What the page does when its reader wants a summary: plain functions from what was chosen to what is shown.

A summary is kept under an id that the page holds, so that a reload, a restart or another window finds it as it was.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from rag.errors import ArchiveError, GroundwireError, UsageError
from rag.summary import STYLES, Progress, Summary, Watch
from ui.exports.download import download_html
from ui.html.cited import EMPTY as NO_SOURCES
from ui.html.cited import sources_html
from ui.html.markup import error_html
from ui.html.sources import sources
from ui.html.summary import EMPTY, TURN, named_html, progress_html, summary_html
from ui.kept.summaries import BROKEN_OFF, Kept
from ui.page.conversation import LONGEST_QUESTION
from ui.page.making import Making
from ui.text.render import day, headline

if TYPE_CHECKING:
    from rag import Archive
    from rag.listing import Listed
    from rag.records import Article
    from ui.admission import Admission
    from ui.kept.summaries import KeptSummaries

STORIES = 200
"""Articles offered to name a story by, the newest."""
UNITS = ("sentences", "words")
_LONGEST_NUMBER = 6
"""Digits."""
FAILED = "Something went wrong while summarising. The server's terminal has the details; try again."
GONE = "This summary is not here any more: newer ones took its place, or it was deleted. Summarise again."
_STOPPED = "Stopped before the summary was written."
Choice = tuple[str, str]
"""What is read, and the value that stands for it."""
ANY_OUTLET: Choice = ("All outlets", "")
ANY_STORY: Choice = ("Any story", "")
Shown = tuple[str, str, str]
"""The id of the summary, the summary as HTML, and its sources."""
Looked = tuple[str | None, str | None]
"""The summary as HTML and its sources; ``None`` where what is shown stays."""


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

    @classmethod
    def of(cls, *values: object) -> Self:
        """The fields in their order, each of which may be anything; what is no text is as if left empty."""
        named = zip(fields(cls), values, strict=False)
        return cls(**{one.name: value for one, value in named if isinstance(value, str)})

    @property
    def options(self) -> dict[str, Any]:
        """What ``Archive.summarize`` takes; what was left empty is left out.

        Raises:
            UsageError: the length is no number, or counted in what there is not.
        """
        if self.unit not in UNITS:
            raise UsageError(f"The length is counted in '{self.unit[:40]}'; choose one of: {', '.join(UNITS)}.")
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
    """One archive's summaries. ``reader`` is whose they are, ``at`` the id of the one that is shown or ``""``."""

    archive: Archive
    kept: KeptSummaries
    admission: Admission
    model: str | None = None
    _making: dict[str, Making[Progress, Summary]] = field(default_factory=dict)
    """Those being made, by their id."""

    def outlets(self) -> list[Choice]:
        """The outlets to choose from, and all of them."""
        return [ANY_OUTLET, *((outlet, outlet) for outlet in self.archive.outlets())]

    def stories(self) -> list[Choice]:
        """The newest articles, each of which names its story."""
        return [ANY_STORY, *(_named(one) for one in self.archive.listing(limit=STORIES).articles)]

    def choosing(self, article_id: object) -> tuple[list[Choice], str]:
        """The stories with that of an article among them, and the choice of it; the id may be anything."""
        stories = self.stories()
        try:
            article = self.archive.article(str(article_id))
        except GroundwireError:
            return stories, ""
        return [*stories, *([] if article.id in dict(stories).values() else [_named(article)])], article.id

    def open(self, reader: str, at: str) -> tuple[str, str, Form]:
        """The summary of that id as it was left, and what was filled in for it."""
        try:
            kept = self.kept.load(reader, at) if at else Kept()
        except ArchiveError as error:
            return "", error_html(str(error)), Form()
        if not at or kept is None:
            return "", error_html(GONE) if at else EMPTY, Form()
        return at, self._told(at, kept), Form.of(*(kept.form.get(one.name) for one in fields(Form)))

    def summarise(self, form: Form, reader: str = "") -> Iterator[Shown]:
        """The summary as it comes about, whole at last; an error becomes its line. Either is kept."""
        at, last = uuid4().hex, Kept(asdict(form))
        self._put(reader, at, last)
        yield at, named_html(at) + progress_html(None), NO_SOURCES
        try:
            with closing(self._steps(form, at, reader)) as steps:
                for step in steps:
                    if isinstance(step, Summary):
                        last = replace(last, summary=step)
                        note = self._put(reader, at, last)
                        yield at, note + self._told(at, last), self._sources(step, None)
                    else:
                        yield at, named_html(at) + progress_html(step), NO_SOURCES
        except GroundwireError as error:
            last = replace(last, error=str(error))
            note = self._put(reader, at, last)
            yield at, note + self._told(at, last), NO_SOURCES
        finally:
            if last.awaited:
                self._put(reader, at, replace(last, error=BROKEN_OFF))
            self._making.pop(at, None)

    def stop(self, reader: str, at: str) -> Looked:
        """Break off the summary that is being made; what became of it, where it is made no longer."""
        if making := self._making.get(at):
            making.stop()
        return self.looked_again(reader, at)

    def end(self) -> None:
        """Break off all that are being made."""
        for making in list(self._making.values()):
            making.stop()

    def looked_again(self, reader: str, at: str) -> Looked:
        """What became of a summary that another window or a visit before awaited; nothing while it is made."""
        if at in self._making:
            return None, None
        _, shown, _ = self.open(reader, at)
        return shown, self.cited(reader, at, None)

    def cited(self, reader: str, at: str, number: object) -> str:
        """The sources of the summary shown; the number comes from the browser and may be anything."""
        try:
            summary = self._summary(reader, at)
        except UsageError as error:
            return error_html(str(error)) if at else NO_SOURCES
        return self._sources(summary, number) if summary else NO_SOURCES

    def exported(self, reader: str, at: str, form: object) -> str:
        """The summary shown, as a file for the browser to keep; empty where there is none.

        Raises:
            UsageError: it is kept no longer.
            ArchiveError: it cannot be read.
        """
        summary = self._summary(reader, at)
        return download_html(summary, form) if summary else ""

    # Inside

    def _steps(self, form: Form, at: str, reader: str) -> Generator[Progress | Summary, None, None]:
        making = Making(partial(self._make, form.options), stopped=_STOPPED)
        self._making[at] = making
        with self.admission.admitted(reader or at):
            yield from making.steps()

    def _make(self, options: dict[str, Any], watch: Watch) -> Summary:
        return self.archive.summarize(model=self.model, progress=watch, **options)

    def _told(self, at: str, kept: Kept) -> str:
        if kept.summary:
            return named_html(at) + summary_html(kept.summary)
        return named_html(at) + (error_html(kept.error) if kept.error else progress_html(None))

    def _sources(self, summary: Summary, number: object) -> str:
        current = number if isinstance(number, int) else None
        return sources_html(summary, sources(self.archive, summary), turn=TURN, current=current)

    def _summary(self, reader: str, at: str) -> Summary | None:
        if (kept := self.kept.load(reader, at)) is None:
            raise UsageError(GONE)
        return kept.summary

    def _put(self, reader: str, at: str, kept: Kept) -> str:
        """Keep it; where that fails, why, as HTML: a full disk is no reason not to summarise."""
        try:
            self.kept.put(reader, at, kept)
        except GroundwireError as error:
            return error_html(f"This summary is not kept: {error}")
        return ""


def _named(article: Article | Listed) -> Choice:
    return f"{headline(article.title)} ({day(article.published_at)})", article.id


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
