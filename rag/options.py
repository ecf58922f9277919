"""What callers pass in -> checked values; what makes no sense is refused in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

from rag import languages
from rag.errors import UsageError
from rag.intake.readings import FIELDS, Options
from rag.records import Filters, Turn
from rag.settings import setting
from rag.summary import ON_A_QUERY, STYLES, Length, Request, Style, Watch

if TYPE_CHECKING:
    from rag.writers import Model

LONGEST_QUESTION = 4_000
MOST_PASSAGES = 10_000
"""That one question or search may find."""
TURNS_REMEMBERED, LONGEST_TURN = 20, 4_000
"""Of a conversation: its last turns, and characters of each question and answer."""
"""Characters."""

When = datetime | date | str


class Limits(TypedDict, total=False):
    """What may be searched."""

    since: When | None
    """Published on or after this day or moment."""
    until: When | None
    """Published on or before it."""
    source: str | None
    """The outlet."""
    language: str | None
    """ISO 639-1 code."""
    article: str | Sequence[str] | None
    """One article's id, or several."""


class Asking(Limits, total=False):
    """How a question is asked."""

    history: Sequence[Turn]
    """What was said before."""
    as_of: When | None
    """From when "last week" is counted; what was published later is not searched. Now, unless given."""
    k: int
    """Passages to find."""
    deep: bool
    """Spend more: the model tells apart what is asked, and outlets and days are set side by side."""
    model: Model | None
    """``"extractive"``, LangChain's ``"provider:name"``, or a chat model of LangChain."""
    verify: Model | None
    """A model whose second opinion of each sentence can lower its verdict; ``"model"`` is the one that answers."""
    repair: bool
    """Give sentences that were set aside back to the model once; unless given, only where nothing is streamed."""
    fallback: str | None
    """``"extractive"``: answer with the articles' own sentences where the model's server does not answer."""


class Summarizing(Limits, total=False):
    """How a summary is asked for."""

    query: str | None
    """What it is to be about; words of time in it limit the days."""
    story: str | None
    """Id of an article: all articles of its running story are read."""
    style: Style
    """The form; a paragraph, unless given."""
    sentences: int | None
    words: int | None
    """Kept within a tenth where whole sentences allow it."""
    k: int
    """Articles that are read of those about a query, at most; 50, unless given."""
    as_of: When | None
    """What was published later is not read. Now, unless given."""
    model: Model | None
    """As in asking."""
    repair: bool
    """Give sentences that were set aside back to the model once; so unless given."""
    progress: Watch | None
    """Is told what a model will be asked before anything is sent, and how far it has come."""


def check_question(question: str, what: str) -> None:
    """Refuse a text that is empty or too long to be a question."""
    if not question.strip():
        raise UsageError(f"The {what} is empty. Write what you want to know.")
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The {what} has {len(question):,} characters; at most {LONGEST_QUESTION:,} are read. Shorten it."
        )


def check_k(k: int) -> None:
    """Refuse a number of passages below 1, or more than anybody reads."""
    if not 1 <= k <= MOST_PASSAGES:
        raise UsageError(f"k is {k}; it counts passages and must be from 1 to {MOST_PASSAGES:,}.")


def remembered(history: Sequence[Turn]) -> tuple[Turn, ...]:
    """As much of a conversation as a question is read beside: what lies further back is not referred to."""
    turns = list(history)[-TURNS_REMEMBERED:]
    return tuple(Turn(one.question[:LONGEST_TURN], one.answer[:LONGEST_TURN]) for one in turns)


def summary(ids: Sequence[str], limited: Callable[..., Filters], **chosen: Unpack[Summarizing]) -> Request:
    """What a summary is asked for; ``limited`` makes filters of the limits."""
    limits = {name: value for name, value in chosen.items() if name in Limits.__annotations__}
    given = [
        name
        for name, value in (("ids", ids), ("query", chosen.get("query")), ("story", chosen.get("story")))
        if value
    ]
    if len(given) > 1:
        raise UsageError(f"Both {given[0]} and {given[1]} are given. Name articles, a query or a story.")
    if (k := chosen.get("k", ON_A_QUERY)) < 1:
        raise UsageError(f"k is {k}; it counts the articles read and must be at least 1.")
    moment = as_of(chosen.get("as_of"))
    return Request(
        tuple([ids] if isinstance(ids, str) else ids),
        chosen.get("query"),
        chosen.get("story"),
        style(chosen.get("style", "paragraph")),
        length(chosen.get("sentences"), chosen.get("words")),
        replace(limited(**limits), known_at=moment if chosen.get("as_of") else None),
        moment,
        k,
    )


def style(name: str) -> Style:
    """One of the forms of a summary."""
    if name not in STYLES:
        raise UsageError(f"There is no style '{name}'. Styles are {', '.join(STYLES)}.")
    return name


def length(sentences: int | None, words: int | None) -> Length:
    """The length asked for; what it is where none is, depends on the form."""
    for name, value in (("sentences", sentences), ("words", words)):
        if value is not None and value < 1:
            raise UsageError(f"{name} is {value}; it must be at least 1.")
    return Length(sentences, words)


def reading(fields: Mapping[str, str] | None, limit: int | None, allow_private: bool | None) -> Options:
    """How to read inputs; GROUNDWIRE_ALLOW_PRIVATE decides where the caller does not."""
    if limit is not None and limit < 1:
        raise UsageError(f"The limit is {limit}; it must be at least 1.")
    unknown = sorted(set(fields or {}) - set(FIELDS))
    if unknown:
        raise UsageError(f"There is no field '{unknown[0]}' to map. Fields are {', '.join(FIELDS)}.")
    private = setting("GROUNDWIRE_ALLOW_PRIVATE") == "1" if allow_private is None else allow_private
    return Options(dict(fields or {}), allow_private=private, limit=limit)


def filters(
    *,
    since: When | None = None,
    until: When | None = None,
    source: str | None = None,
    language: str | None = None,
    article: str | Sequence[str] | None = None,
) -> Filters:
    """Search limits; a bare day counts whole, one article or several may be named."""
    if source is not None and not source.strip():
        raise UsageError("The source is empty. Name an outlet, or leave the option out.")
    chosen = Filters(
        _moment(since, "since"),
        _moment(until, "until", end=True),
        source=source,
        language=None if language is None else languages.code(language),
        article_ids=None if article is None else _ids(article),
    )
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise UsageError(f"The period ends before it starts: since {since}, until {until}. Swap them.")
    return chosen


def _ids(article: str | Sequence[str]) -> tuple[str, ...]:
    ids = (article,) if isinstance(article, str) else tuple(dict.fromkeys(article))
    if not ids:
        raise UsageError("No article is named. Name one by its id, or leave the option out.")
    return ids


def as_of(when: When | None) -> datetime:
    """The moment a question is asked for: the one given, else now."""
    return _moment(when, "as-of", end=True) or datetime.now(UTC)


def _moment(when: When | None, name: str, *, end: bool = False) -> datetime | None:
    """A moment from a datetime, a day or an ISO string; a bare day is its first moment, or its last with ``end``."""
    if isinstance(when, str):
        try:
            when = date.fromisoformat(when) if len(when) == 10 else datetime.fromisoformat(when)
        except ValueError as error:
            raise UsageError(f"{name} is '{when}'; write a date like 2023-09-15.") from error
    if isinstance(when, datetime):
        return when.replace(tzinfo=when.tzinfo or UTC)
    if when is None:
        return None
    return datetime.combine(when, datetime.max.time() if end else datetime.min.time(), UTC)
