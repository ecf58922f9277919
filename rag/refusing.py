"""Why a question has no answer, in words: no evidence is never an error, and never a guess."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from rag import outlets, scripts
from rag.claims import names
from rag.evidence import Evidence
from rag.question import Question
from rag.records import Article, Filters, Period, Refusal
from rag.words import stems

OUTDATED = timedelta(days=90)
"""How things stand now cannot be told from reports older than this."""


def nothing_to_search(filters: Filters, outlets_there: Callable[[], Sequence[str]]) -> Refusal:
    """The archive is empty, or the filters leave nothing of it."""
    if filters == Filters():
        return Refusal("empty_archive", "The archive holds no articles. Add some with 'groundwire ingest PATH'.")
    missing = outlets.missing(filters.source, outlets_there()) if filters.source else None
    fallback = "No article in the archive passes the filters given (period, outlet, language, articles)."
    return Refusal("filtered_out", missing or fallback)


def unknown_name(asked: Question, articles: Sequence[Article]) -> str | None:
    """A name of the question that no article found holds; elsewhere than in English names cannot be told apart."""
    if not scripts.is_english(asked.text):
        return None
    return next((name for name in asked.names if not any(_holds(article, name) for article in articles)), None)


def _holds(article: Article, name: str) -> bool:
    """Whether one has the name, or all words of a longer one apart: "Florida Huguenots" are two names' meeting."""
    texts = article.headed, article.source or ""
    apart = set(stems(name))
    return any(names.matches(name, text) for text in texts) or (
        len(apart) > 1 and apart <= {stem for text in texts for stem in stems(text)}
    )


def nothing_about(name: str) -> Refusal:
    """No article found holds a name that the question is about."""
    return Refusal("not_answered", f"The articles found say nothing about {name}.")


def nothing_then(period: Period) -> Refusal:
    """What was found is of other days."""
    return Refusal("out_of_period", f"The articles found say nothing about {described(period)}.")


def no_such_day(words: str) -> Refusal:
    """The question is about a day that no calendar has."""
    return Refusal("out_of_period", f"There is no “{words}” in the calendar.")


def outdated(asked: Question, likely: Sequence[Evidence], as_of: datetime) -> Refusal | None:
    """That only old reports bear on how things stand now, where that is asked and is so."""
    published = [one.article.published_at for one in likely if one.article.published_at is not None]
    if not asked.present or not published or as_of - max(published) <= OUTDATED:
        return None
    newest = max(published)
    days = (as_of - newest).days
    return Refusal(
        "outdated",
        f"The newest report on this is of {day(newest)}, {days:,} days before {day(as_of)}; "
        "how things stand since then the articles do not say.",
    )


def off_topic() -> Refusal:
    """What was found is of other things."""
    return Refusal("off_topic", "No article here is about this.")


def insufficient() -> Refusal:
    """None of the sentences found is likely enough to answer."""
    message = "The articles found touch on this, but none of their sentences answers it."
    return Refusal("not_answered", message)


def described(period: Period) -> str:
    """The asker's words and the days they were taken to mean."""
    first, last = (day(moment) if moment else "" for moment in (period.first, period.last))
    if first == last:
        return f"“{period.words}” ({first})"
    if not (first and last):
        return f"“{period.words}” ({'from ' + first if first else 'until ' + last})"
    return f"“{period.words}” ({first} to {last})"


def day(moment: date) -> str:
    """``17 September 2023``."""
    return f"{moment.day} {moment:%B %Y}"
