"""What other programs are told, field for field: the contract of ``rag.contract``, for the OpenAPI page and tools.

Nothing is made of these at run time; the tests hold them against what the library tells.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.summary import Style

Number = Annotated[int, Field(ge=0)]
Verdict = Literal["supported", "weak", "unsupported"]
Time = Annotated[str, Field(description="ISO 8601, in UTC.", examples=["2023-09-15T00:00:00Z"])]
Day = Annotated[str, Field(description="ISO 8601.", examples=["2023-09-15"])]


class Record(BaseModel):
    """One object, with these fields and no others."""

    model_config = ConfigDict(extra="forbid")


class Wrong(Record):
    """Why there is no other reply."""

    error: str = Field(description="One line: what is wrong, where, and what to do.")


class Health(Record):
    """Whether the archive can be read. A caller who has not logged in is told the status alone."""

    status: Literal["ok"]
    articles: int | None = None
    newest: Time | None = None
    model: str | None = Field(None, description="What writes answers: `extractive` where no language model does.")


class Problem(Record):
    """Why a sentence is weak or unsupported."""

    kind: str
    found: str = Field(description="The words it is about.")
    message: str


class Statement(Record):
    """A sentence and what checking it against its citations showed."""

    text: str
    citations: list[int] = Field(description="Numbers of the citations that bear it.")
    verdict: Verdict
    problems: list[Problem]
    sources: int | None = Field(None, description="Independent articles that say so, where they are several.")
    conflict: bool | None = Field(None, description="Whether another article says otherwise.")
    superseded: bool | None = Field(None, description="Whether a later article says otherwise.")


class Citation(Record):
    """The very words of an article: `text[start:end] == quote`, counted in Unicode code points."""

    number: int
    article_id: str
    revision: int
    title: str
    url: str | None
    source: str | None = Field(description="The outlet.")
    published_at: Time | None
    start: Number
    end: Number
    quote: str
    also: list[str] = Field(description="Ids of articles that carry the same report.")


class Found(Record):
    """A passage that was found; the larger its score, from 0 to 1, the better it fits."""

    article_id: str
    passage_id: str
    start: Number
    end: Number
    score: float


class Hit(Found):
    """A passage that was found, with its words."""

    text: str


class Hits(Record):
    """`groundwire search --json`, as an object: some callers take nothing else."""

    hits: list[Hit]


class Nearest(Record):
    """An article near to what was asked."""

    article_id: str
    title: str
    published_at: Time | None


class Refusal(Record):
    """Why the articles do not answer; a refusal is an answer, not an error."""

    reason: str
    message: str
    nearest: list[Nearest]


class Usage(Record):
    """What the language model read and wrote, and its cost in US dollars where that is known."""

    input_tokens: int
    output_tokens: int
    cost: float | None


class Seconds(Record):
    """How long it took."""

    retrieve: float
    answer: float
    verify: float
    total: float


class Period(Record):
    """Words of time in the question, and the days they were taken to mean."""

    words: str
    first: Day | None
    last: Day | None


class _Result(Record):
    model: str
    as_of: Time
    newest: Time | None = Field(description="When the newest article searched was published.")
    refusal: Refusal | None
    statements: list[Statement]
    rejected: list[Statement] = Field(description="What was set aside, and why.")
    citations: list[Citation]
    usage: Usage | None
    seconds: Seconds
    notes: list[str] | None = None
    incomplete: str | None = Field(None, description="Why it ends before its end.")


class Answer(_Result):
    """`groundwire ask --json`."""

    question: str
    answer: str = Field(description="The sentences with `[1]` markers, or the refusal's message.")
    hits: list[Found]
    period: Period | None = None
    unanswered: list[str] | None = Field(None, description="Parts of the question that the articles do not answer.")


class Section(Record):
    """A part of a summary; `statements` are places in the summary's, from 0."""

    heading: str
    statements: list[int]
    first: Day | None
    last: Day | None
    articles: list[str]
    outlets: list[str]


class Length(Record):
    """How long the summary was asked to be."""

    sentences: int | None
    words: int | None


class Extent(Record):
    """How long the summary is."""

    asked: Length
    sentences: int
    words: int


class Point(Record):
    """A main point of an article: `text[start:end] == quote`."""

    article_id: str
    revision: int
    title: str
    start: Number
    end: Number
    quote: str


class Coverage(Record):
    """How much of what was read the summary tells."""

    articles: int
    used: int
    points: int
    covered: int
    share: float
    missing: list[Point]


class Plan(Record):
    """What the language model was asked for."""

    articles: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None


class Unused(Record):
    """An article that the summary leaves out."""

    article_id: str
    title: str
    reason: str


class Summary(_Result):
    """`groundwire summarize --json`."""

    summary: str = Field(description="The sentences with `[1]` markers, or the refusal's message.")
    used: list[str] = Field(description="Ids of the articles cited.")
    unused: list[Unused]
    style: Style
    length: Extent
    coverage: Coverage | None
    subject: str | None = None
    sections: list[Section] | None = None
    plan: Plan | None = None


class Listed(Record):
    """One article of a list, without its text."""

    id: str
    revision: int
    title: str
    url: str | None
    source: str | None = Field(description="The outlet.")
    published_at: Time | None
    language: str | None = Field(description="ISO 639-1 code.")
    stub: str | None = Field(None, description="Why this is only what stands in an article's place.")
    copies: Number = Field(description="How many others carry the same report.")


class Listing(Record):
    """A part of the articles that fit, and how many fit."""

    articles: list[Listed]
    total: Number
    offset: Number
    limit: Number


class Article(Record):
    """`groundwire articles show ID --json`: the record with the text that citations index."""

    id: str
    revision: int
    title: str
    url: str | None
    source: str | None = Field(description="The outlet.")
    authors: list[str]
    published_at: Time | None
    modified_at: Time | None
    language: str | None = Field(description="ISO 639-1 code.")
    description: str | None
    stub: str | None = Field(None, description="Why this is only what stands in an article's place.")
    text: str


class Removed(Record):
    """`groundwire articles remove ID --json`."""

    removed: list[str]


class Failure(Record):
    """An input that holds no article: the name or address that was sent, and why."""

    path: str
    line: int | None
    error: str


class Note(Record):
    """What should be known of how an article was read."""

    path: str
    line: int | None
    note: str


class Ingested(Record):
    """`groundwire ingest --json`."""

    added: Number
    updated: Number
    skipped: Number = Field(description="Known and unchanged.")
    failed: list[Failure]
    seconds: float
    removed: int | None = Field(None, description="Addresses whose page is gone for good.")
    notes: list[Note] | None = None
