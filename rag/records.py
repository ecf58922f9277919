"""The nouns of grounded answering, as frozen records; they import nothing of ours.

Offsets count Python characters of ``Article.text`` and are half-open. Times are timezone-aware UTC.
Absence is ``None``, never an empty string or -1.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Verdict = Literal["supported", "weak", "unsupported"]


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one article; ``text`` was normalised once, at ingest, and is what citations index."""

    id: str
    title: str
    text: str
    url: str | None = None
    source: str | None = None
    """The outlet."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    """ISO 639-1 code."""
    description: str | None = None
    revision: int = 1
    """Counts from 1; a changed text of the same article is the next revision."""
    origin: str | None = None
    """The file or address it was read from, where it states no id: a changed file is then known again."""
    canonical: str | None = None
    """The address that its page names as the original's, where that is of another outlet."""
    stub: str | None = None
    """Why this is not the article but only what stands in its place, such as ``paywall``; kept out of answers."""

    @property
    def headed(self) -> str:
        """The text under its title."""
        return f"{self.title}\n{self.text}"

    @property
    def digest(self) -> str:
        """SHA-256 of everything a reader could see; equal digests mean there is nothing new to store."""
        seen = [self.title, self.text, self.url, self.source, list(self.authors), self.language, self.description]
        seen += [value for value in (self.canonical, self.stub) if value]  # absent from those digested before
        times = [time.isoformat() if time else None for time in (self.published_at, self.modified_at)]
        return hashlib.sha256(json.dumps(seen + times, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Removed:
    """Words that cleaning took out of an article, and what they were taken for."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of some article text."""

    start: int
    end: int

    def __contains__(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article revision: the unit that is embedded and searched."""

    id: str
    article_id: str
    revision: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found; the larger its score, from 0 to 1, the better it fits the question."""

    passage_id: str
    article_id: str
    revision: int
    start: int
    end: int
    score: float
    text: str
    """The passage's own words, ``article.text[start:end]``."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim stretch of one article: ``article.text[start:end] == quote``."""

    number: int
    """What ``[n]`` in the answer's text points at; counts from 1."""
    article_id: str
    revision: int
    title: str
    url: str | None
    source: str | None
    published_at: datetime | None
    start: int
    end: int
    quote: str
    also: tuple[str, ...] = ()
    """Ids of near-copies of the article: carriers of one report, not further sources."""


Standing = Literal["current", "revised", "source removed"]
"""What became of an article since it was cited."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a statement that its cited words do not hold."""

    kind: Literal["number", "date", "name", "quotation", "citation", "wording", "opinion"]
    found: str
    """The words of the statement at fault."""
    message: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, without its ``[n]`` markers, and what became of checking it."""

    text: str
    citations: tuple[int, ...]
    """Numbers of citations; empty only where the statement cites none, which makes it unsupported."""
    verdict: Verdict
    problems: tuple[Problem, ...] = ()
    sources: int = 1
    """Independent sources that say the same: a wire report and its carriers are one."""
    conflict: bool = False
    """Another outlet gives another figure, day or name; its sentence stands beside this one."""
    superseded: bool = False
    """A newer report, which stands before this one, gives another."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, inclusive; an open end is ``None``."""

    first: date | None
    last: date | None
    words: str
    """The question's own words."""


RefusalReason = Literal[
    "empty_archive",
    "filtered_out",
    "off_topic",
    "not_answered",
    "out_of_period",
    "outdated",
    "unverified",
    "declined",
]


@dataclass(frozen=True, slots=True)
class Nearest:
    """An article close to a refused question."""

    article_id: str
    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer. No evidence is not an error."""

    reason: RefusalReason
    message: str
    nearest: tuple[Nearest, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the model's server counted them; ``cost`` in US dollars, ``None`` where no price is known."""

    input_tokens: int
    output_tokens: int
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """Both together; the cost is unknown where one is."""
        known = self.cost is not None and other.cost is not None
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            (self.cost or 0.0) + (other.cost or 0.0) if known else None,
        )


@dataclass(frozen=True, slots=True)
class Seconds:
    """Wall-clock seconds of each step."""

    retrieve: float = 0.0
    answer: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``Archive.ask`` returns. Shown statements are in ``statements``; those set aside in ``rejected``."""

    question: str
    model: str
    as_of: datetime
    newest: datetime | None
    """Publication time of the newest article searched."""
    statements: tuple[Statement, ...] = ()
    rejected: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    refusal: Refusal | None = None
    usage: Usage | None = None
    seconds: Seconds = field(default_factory=Seconds)
    period: Period | None = None
    """The days that the question's words of time were taken to mean."""
    unanswered: tuple[str, ...] = ()
    """What else was asked, in the asker's words, and the articles say nothing of."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how the answer was found."""
    incomplete: str | None = None
    """Why the answer ends before its end, where the model broke off."""

    @property
    def text(self) -> str:
        """The answer with ``[n]`` markers and what it leaves open, or the refusal's message."""
        if self.refusal:
            return self.refusal.message
        return " ".join([marked(self.statements), *(left_open(part) for part in self.unanswered)])


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that could not be taken in."""

    path: str
    line: int | None
    """Line of a JSON Lines file, from 1; ``None`` for other sources."""
    error: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something about an article that went in, which its reader should know."""

    path: str
    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """Counts of articles, and every input that failed."""

    added: int = 0
    updated: int = 0
    skipped: int = 0
    """Known and unchanged."""
    failed: tuple[Failure, ...] = ()
    seconds: float = 0.0
    removed: int = 0
    """Taken out because they vanished from a folder kept in step, or their page is gone for good."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to; ``None`` does not limit. ``since`` and ``until`` bound publication, inclusive."""

    since: datetime | None = None
    until: datetime | None = None
    known_at: datetime | None = None
    """Leaves out what was published later; undated articles stay."""
    source: str | None = None
    """The outlet, in any case of letters."""
    article_ids: tuple[str, ...] | None = None
    language: str | None = None
    """ISO 639-1 code, in any case of letters."""


def left_open(part: str) -> str:
    """That the articles do not answer a part of the question."""
    return f"On “{part}” the articles say nothing."


def marked(statements: tuple[Statement, ...]) -> str:
    """Statements as running text, each followed by its ``[n]`` markers."""
    return " ".join(
        statement.text + "".join(f" [{number}]" for number in statement.citations) for statement in statements
    )
