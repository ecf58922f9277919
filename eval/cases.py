"""One case of a suite: a question or a summary request, and what is known of a right output; checked key by key."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from rag.records import Turn
from rag.summary import STYLES, Style

Json = dict[str, Any]

REQUIRED = frozenset({"id", "answerable", "answers", "gold", "tags", "source", "licence"})
GOLD_KEYS = frozenset({"article", "quote"})
TURN_KEYS = frozenset({"question", "answer"})
SUMMARY_KEYS = frozenset({"articles", "query", "story", "style", "sentences", "words"})
ISO_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
OPTIONAL = frozenset(
    {
        *("question", "summarize", "why", "history", "as_of", "since", "until", "outlet"),
        *("speaker", "date", "differs", "forbidden"),
    }
)


@dataclass(frozen=True, slots=True)
class Gold:
    """Words of an article that bear an expected answer."""

    article: str
    """An article's id; in a suite file also its file name, address or title."""
    quote: str


@dataclass(frozen=True, slots=True)
class SummaryRequest:
    """What a summary is asked for: articles, a query or a story; all the articles where none is named."""

    articles: tuple[str, ...] = ()
    """Named as gold articles are."""
    query: str | None = None
    story: str | None = None
    """An article of the story."""
    style: Style = "paragraph"
    sentences: int | None = None
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One question or summary request, and what is known of a right output."""

    id: str
    question: str
    """What is asked; of a summary request, what it is to be about, in words."""
    answerable: bool
    answers: tuple[str, ...]
    """Any one of them is right; empty where there is no answer, and for a summary."""
    gold: tuple[Gold, ...]
    """Words that bear the answer, any of which will do; of a summary, the points that it must tell, each of them."""
    tags: tuple[str, ...]
    source: str
    """Who wrote the case; the outlet that a search is limited to is ``outlet``."""
    licence: str
    why: str | None = None
    """Why there is no answer, or what the case is for."""
    history: tuple[Turn, ...] = ()
    as_of: datetime | None = None
    since: str | None = None
    until: str | None = None
    outlet: str | None = None
    summarize: SummaryRequest | None = None
    speaker: tuple[str, ...] = ()
    """Names, any of which must stand with what is told, because it is only said."""
    date: str | None = None
    """ISO day, month or year on which what is asked for took place."""
    differs: tuple[str, ...] = ()
    """What the sources give differently, each of which must be shown."""
    forbidden: tuple[str, ...] = ()
    """What an order planted in an article wants shown; none of it may be."""
    line: int = 0
    """Where it stands in the suite file."""

    @property
    def unsure(self) -> bool:
        """Whether nobody has said that there is an answer: neither the answer is known, nor what bears it."""
        return self.answerable and not self.answers and not self.gold

    @property
    def cluster(self) -> str:
        """What cases are resampled by: questions on one article are not independent."""
        return self.gold[0].article if self.gold else self.id


def case_from(record: Json) -> Case:
    """The case a record of a suite describes; ``ValueError`` says what is wrong with it and what to do."""
    case = kept_case(record)
    _check_answerable(case)
    return case


def kept_case(record: Json) -> Case:
    """The case of a record in a report, which may have been asked without knowing the answer or where it stands."""
    check_keys(record, REQUIRED, OPTIONAL)
    request = _request(record)
    return Case(
        id=text(record, "id"),
        question=_question(record, request),
        answerable=_flag(record, "answerable"),
        answers=_texts(record, "answers"),
        gold=tuple(Gold(text(gold, "article"), text(gold, "quote")) for gold in _objects(record, "gold", GOLD_KEYS)),
        tags=_texts(record, "tags"),
        source=text(record, "source"),
        licence=text(record, "licence"),
        why=_optional(record, "why"),
        history=tuple(Turn(text(t, "question"), text(t, "answer")) for t in _objects(record, "history", TURN_KEYS)),
        as_of=_instant(record, "as_of"),
        since=_day(record, "since"),
        until=_day(record, "until"),
        outlet=_optional(record, "outlet"),
        summarize=request,
        speaker=_texts(record, "speaker"),
        date=_date(record, "date"),
        differs=_texts(record, "differs"),
        forbidden=_texts(record, "forbidden"),
    )


def case_json(case: Case) -> Json:
    """The record of a case, every key present; ``case_from`` reads it back."""
    return {
        "id": case.id,
        "question": case.question,
        "answerable": case.answerable,
        "answers": list(case.answers),
        "gold": [{"article": gold.article, "quote": gold.quote} for gold in case.gold],
        "tags": list(case.tags),
        "source": case.source,
        "licence": case.licence,
        "why": case.why,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in case.history],
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "since": case.since,
        "until": case.until,
        "outlet": case.outlet,
        "summarize": _request_json(case.summarize) if case.summarize else None,
        "speaker": list(case.speaker),
        "date": case.date,
        "differs": list(case.differs),
        "forbidden": list(case.forbidden),
    }


def _request_json(request: SummaryRequest) -> Json:
    return asdict(request) | {"articles": list(request.articles)}


def check_keys(record: Json, required: frozenset[str], optional: frozenset[str] = frozenset()) -> None:
    """Every required key is there and no other than those; a misspelt key is not passed over."""
    if missing := sorted(required - record.keys()):
        raise ValueError(f"'{missing[0]}' is missing; add it")
    if unknown := sorted(record.keys() - required - optional):
        raise ValueError(f"unknown key '{unknown[0]}'; the keys are {', '.join(sorted(required | optional))}")


def text(record: Json, key: str) -> str:
    """A key's value, which must be text and not blank."""
    value = record.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"'{key}' must be text; write a string that is not blank")
    return value


def _check_answerable(case: Case) -> None:
    if case.answerable and not case.answers and case.summarize is None:
        raise ValueError("answerable without 'answers'; list at least one, or set 'answerable' to false")
    if case.answerable and not case.gold:
        raise ValueError("answerable without 'gold'; quote the words that bear the answer")
    if not case.answerable and (case.answers or case.gold):
        raise ValueError("'answers' or 'gold' given but 'answerable' is false; empty them or set it to true")


def _optional(record: Json, key: str) -> str | None:
    return None if record.get(key) is None else text(record, key)


def _flag(record: Json, key: str) -> bool:
    if not isinstance(record[key], bool):
        raise ValueError(f"'{key}' must be true or false")
    return bool(record[key])


def _question(record: Json, request: SummaryRequest | None) -> str:
    if request is None and record.get("question") is None:
        raise ValueError("'question' is missing; add it, or 'summarize' for a summary request")
    return text(record, "question") if record.get("question") is not None else _described(request)


def _described(request: SummaryRequest | None) -> str:
    """A summary request in words, for whatever takes questions only."""
    about = request and (request.query or request.story or ", ".join(request.articles))
    return f"Summarise: {about or 'all articles'}"


def _request(record: Json) -> SummaryRequest | None:
    asked = record.get("summarize")
    if asked is None:
        return None
    if not isinstance(asked, dict):
        raise ValueError(f"'summarize' must be an object with any of {', '.join(sorted(SUMMARY_KEYS))}")
    check_keys(asked, frozenset(), SUMMARY_KEYS)
    style = asked.get("style", "paragraph")
    if style not in STYLES:
        raise ValueError(f"'style' is '{style}'; the styles are {', '.join(STYLES)}")
    request = SummaryRequest(
        articles=_texts(asked, "articles"),
        query=_optional(asked, "query"),
        story=_optional(asked, "story"),
        style=style,
        sentences=_count(asked, "sentences"),
        words=_count(asked, "words"),
    )
    if sum(map(bool, (request.articles, request.query, request.story))) > 1:
        raise ValueError("'summarize' names more than one of 'articles', 'query' and 'story'; keep one")
    return request


def _count(record: Json, key: str) -> int | None:
    value = record.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ValueError(f"'{key}' must be a whole number from 1")
    return value


def _texts(record: Json, key: str) -> tuple[str, ...]:
    values = [] if record.get(key) is None else record[key]
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"'{key}' must be a list of strings; write [] for none")
    return tuple(values)


def _objects(record: Json, key: str, keys: frozenset[str]) -> list[Json]:
    values = [] if record.get(key) is None else record[key]
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise ValueError(f"'{key}' must be a list of objects with {' and '.join(sorted(keys))}")
    for value in values:
        check_keys(value, keys)
    return values


def _day(record: Json, key: str) -> str | None:
    written = _optional(record, key)
    if written is not None:
        _moment(key, written)
    return written


def _date(record: Json, key: str) -> str | None:
    written = _optional(record, key)
    if written is not None and not (ISO_DATE.fullmatch(written) and _exists(written)):
        raise ValueError(f"'{key}' is '{written}'; write a day, month or year like 2023-09-17, 2023-09 or 2023")
    return written


def _exists(written: str) -> bool:
    try:
        date.fromisoformat(written + "-01-01"[len(written) - len("2023") :])
    except ValueError:
        return False
    return True


def _instant(record: Json, key: str) -> datetime | None:
    written = _optional(record, key)
    if written is None:
        return None
    moment = _moment(key, written)
    if len(written) <= len("2023-09-17"):  # a day alone: asked when it was over, so that its own news counts
        moment = moment.replace(hour=23, minute=59, second=59)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError(f"'{key}' is '{written}', which is beyond the calendar; write another day") from None


def _moment(key: str, written: str) -> datetime:
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'{key}' is '{written}', not an ISO date; write it like 2023-09-17") from None
