"""What another system gives for a case, as our own record: an answer, text, or an object in one of three shapes.

- Our contract: what ``ask --json`` and ``summarize --json`` print.
- Ours in short: ``answer`` with ``[n]`` markers, ``citations`` with ``article`` (id, file name, address or title) and
  ``quote`` or ``start`` and ``end``, ``contexts`` (text, or objects of ``article`` and ``text``), ``refusal``,
  ``usage`` and ``seconds``.
- Ragas' columns: ``response`` and ``retrieved_contexts``, or the older ``answer`` and ``contexts``.

Where there are no ``citations``, ``[n]`` names the n-th context. Markers that name nothing, and quotes that are not
in their article, stay as they are: they are scored, not dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from eval.cases import Case
from eval.foreign import cited, fields
from eval.foreign.checking import UNCITED, sources, stated
from eval.foreign.contract import check_hits, is_contract, on_shelf, read_contract
from eval.foreign.declining import declines
from eval.foreign.shelf import Shelf
from eval.report import UNNAMED
from eval.scores import Output
from eval.systems.nulls import UNDATED
from rag.records import Answer, Article, Refusal, RefusalReason, Seconds, Usage
from rag.summary import Summary
from rag.verify import Source
from rag.written.replied import read_reply

Json = dict[str, Any]

DECLINED = "It declined to answer."


def output_from(
    given: object, case: Case, articles: Shelf | Mapping[str, Article] | Iterable[Article] = ()
) -> Output:
    """The output that is given, its sentences verified; the verdicts of an ``Answer`` or ``Summary`` can only fall.

    Raises:
        ValueError: it is nothing, or not of a shape that is known; one clear line.
    """
    shelf = articles.copy() if isinstance(articles, Shelf) else Shelf(articles)
    if given is None:
        raise ValueError("returned nothing")
    if isinstance(given, Answer | Summary):
        check_hits(given, shelf)
        return on_shelf(given, shelf)
    if isinstance(given, str):
        return _answer({"answer": given}, case, shelf)
    if not isinstance(given, Mapping):
        raise ValueError(f"returned {fields.told(given)}; return text, an object with 'answer', or an Answer")
    record = dict(given)
    return read_contract(record, case, shelf) if is_contract(record) else _answer(record, case, shelf)


def _answer(record: Json, case: Case, shelf: Shelf) -> Answer:
    name, given = fields.find(record, fields.ANSWER)
    contexts, retrieved = fields.find(record, fields.CONTEXTS)
    places = cited.contexts(retrieved, contexts, shelf)
    common: Json = {
        "question": case.question,
        "model": _model(record),
        "as_of": case.as_of or UNDATED,
        "newest": None,
        "hits": cited.found(places),
        "usage": _usage(record.get("usage")),
        "seconds": _seconds(record.get("seconds")),
    }
    response = None if given is None else fields.text(given, name)
    if refusal := _refusal(record.get("refusal"), response):
        return Answer(**common, refusal=refusal)
    if response is None:
        raise ValueError(f"has none of {', '.join(map(repr, fields.ANSWER))}; give the answer's text")
    marked = read_reply(response)
    numbers = [number for one in marked for number in one.numbers]
    listed = record.get("citations")
    citations = cited.citations(listed, shelf) if listed else cited.numbered(places, numbers)
    found = [source for article, span in places for source in _sources(article, article.text[span.start : span.end])]
    found += sources(citations.values())
    return Answer(
        **common,
        statements=stated(marked, citations, found),
        citations=tuple(citations[number].citation for number in sorted(citations)),
        notes=(UNCITED.replace("It cites", "The answer cites"),) if found and marked and not numbers else (),
    )


def _sources(article: Article, words: str) -> list[Source]:
    return [Source(words, article.published_at), *([Source(article.source)] if article.source else [])]


def _refusal(given: object, response: str | None) -> Refusal | None:
    """The refusal that is stated, else the one that the whole response is; ``False`` says that it is none."""
    if given is False:
        return None
    if given is None:
        return Refusal("not_answered", response) if response and declines(response) else None
    if given is True:
        return Refusal("not_answered", response or DECLINED)
    if isinstance(given, dict):
        reason, message = given.get("reason"), given.get("message")
        said = response or DECLINED if message is None else fields.text(message, "refusal.message")
        known: tuple[RefusalReason, ...] = get_args(RefusalReason)
        return Refusal(next((one for one in known if one == reason), "not_answered"), said)
    return Refusal("not_answered", fields.text(given, "refusal"))


def _model(record: Json) -> str:
    return UNNAMED if record.get("model") is None else fields.text(record["model"], "model")


def _usage(given: object) -> Usage | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ValueError(f"'usage' is {fields.told(given)}; it must be an object with input_tokens and output_tokens")
    read, written = (fields.count(given.get(name), f"usage.{name}") for name in ("input_tokens", "output_tokens"))
    return Usage(read, written, None if given.get("cost") is None else fields.amount(given["cost"], "usage.cost"))


def _seconds(given: object) -> Seconds:
    if given is None:
        return Seconds()
    if not isinstance(given, dict):
        return Seconds(total=fields.amount(given, "seconds"))
    steps = ("retrieve", "answer", "verify", "total")
    return Seconds(**{step: fields.amount(given[step], f"seconds.{step}") for step in steps if step in given})
