"""What ``Archive.summarize`` returns, and what it is asked for, as frozen records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, get_args

from rag.records import Citation, Filters, Refusal, Seconds, Statement, Usage, marked

Style = Literal["paragraph", "bullets", "headline", "timeline", "digest", "differences"]
STYLES: tuple[Style, ...] = get_args(Style)
ON_A_QUERY = 50
"""Articles that a summary of a query reads at most, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a summary is to be; sentences or words, whichever is given, and neither beyond what both allow."""

    sentences: int | None = None
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a summary was asked for."""

    ids: tuple[str, ...]
    query: str | None
    story: str | None
    """Id of an article of the story."""
    style: Style
    length: Length
    filters: Filters
    as_of: datetime
    k: int = ON_A_QUERY
    """Articles that are read of those about a query, at most."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a summary was to be, and is."""

    asked: Length
    sentences: int
    words: int
    """Words of the statements shown, split at white space; markers and headings do not count."""


@dataclass(frozen=True, slots=True)
class Unused:
    """An article a summary left out, and why."""

    article_id: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a summary under a heading: a day of a timeline, a story of a digest, a point outlets differ on."""

    heading: str
    statements: tuple[int, ...]
    """Places in the summary's statements, from 0, in order."""
    first: date | None = None
    """The days that an entry of a timeline is of, inclusive."""
    last: date | None = None
    articles: tuple[str, ...] = ()
    """Ids of the articles of a story, the one it is named after first."""
    outlets: tuple[str, ...] = ()
    """Outlets that tell it, each once."""


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of an article, as one of its main points: ``article.text[start:end] == quote``."""

    article_id: str
    revision: int
    title: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what was read a summary tells."""

    articles: int
    """Read, near-copies and stubs not counted."""
    used: int
    """Of those, cited."""
    points: int
    """Main points of what was read: its weightiest sentences, of those that say the same the first."""
    covered: int
    """Of those, told."""
    share: float
    """Part of the points' weight that is told, 0 to 1."""
    missing: tuple[Point, ...] = ()
    """The weightiest points not told, at most a few."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model will be asked for a summary, known before the first call."""

    articles: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None = None
    """In US dollars, where the price is known."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a model has come; told first with nothing done, before anything is sent."""

    plan: Plan
    done: int
    """Calls that were answered."""


Watch = Callable[[Progress], None]
"""Is told how far a summary has come."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Checked and cited like an answer. Shown statements are in ``statements``; those set aside in ``rejected``."""

    model: str
    as_of: datetime
    newest: datetime | None
    style: Style = "paragraph"
    subject: str | None = None
    """What it was asked to be about, as it was put."""
    statements: tuple[Statement, ...] = ()
    rejected: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    sections: tuple[Section, ...] = ()
    """Of a timeline, a digest, differences, or several stories; every statement is in one, in order."""
    used: tuple[str, ...] = ()
    """Ids of the articles it cites."""
    unused: tuple[Unused, ...] = ()
    refusal: Refusal | None = None
    extent: Extent = field(default_factory=lambda: Extent(Length(), 0, 0))
    coverage: Coverage | None = None
    """``None`` where there was nothing to read."""
    usage: Usage | None = None
    plan: Plan | None = None
    """``None`` where no model wrote."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how it came about, such as a length that could not be kept."""
    incomplete: str | None = None
    """Why it ends before its end, where the model broke off."""
    seconds: Seconds = field(default_factory=Seconds)

    @property
    def text(self) -> str:
        """The summary with ``[n]`` markers, a line for each section or bullet; or the refusal's message."""
        if self.refusal:
            return self.refusal.message
        if self.sections:
            return "\n".join(f"{one.heading}: {self.told(one)}" for one in self.sections)
        if self.style == "bullets":
            return "\n".join(f"- {marked((one,))}" for one in self.statements)
        return marked(self.statements)

    def told(self, section: Section) -> str:
        """What a section says, with ``[n]`` markers."""
        return marked(tuple(self.statements[place] for place in section.statements))
