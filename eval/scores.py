"""What a scorer is given and gives: a case and an output, and a value or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from eval.cases import Case
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Hit, Statement
from rag.summary import Summary
from rag.verify import Source, verify

Output = Answer | Summary
"""What a system gives for a case."""

Support = Callable[[str, Sequence[Source]], bool | None]
"""Whether a sentence is supported by cited words, all taken together; ``None`` where that could not be told."""

Unit = Literal["share", "seconds", "tokens", "dollars"]


@dataclass(frozen=True, slots=True)
class Score:
    """A finite number, or ``None`` where it could not be scored, with the reason."""

    value: float | None
    reason: str | None = None


def supported(sentence: str, sources: Sequence[Source]) -> bool:
    """What verification says; "weak" is not supported."""
    return _supported(sentence, tuple(sources))


@lru_cache(maxsize=8192)
def _supported(sentence: str, sources: tuple[Source, ...]) -> bool:
    # The same sentence is asked about again by recall and precision, and for null systems that copy.
    return verify(sentence, sources).verdict == "supported"


@dataclass(frozen=True, slots=True)
class Context:
    """What a scorer may look up beside the case and the output."""

    article_text: Callable[[str, int], str]
    """The text of an article's revision; raises ``UnknownArticle``."""
    support: Support = supported


Scorer = Callable[[Case, Output, Context], Score]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is scored, under the name that reports, tables and thresholds call it."""

    name: str
    tells: str
    """What it tells, in one line."""
    scorer: Scorer | None
    """``None`` where a judge scores, whose verdicts are kept with the output."""
    unit: Unit = "share"
    """Shares are from 0 to 1."""
    more_is_better: bool = True
    yes_no: bool = False
    """Whether a value is 0 or 1, so that two runs can be compared by McNemar's test."""
    timed: bool = False
    """Whether it hangs on the clock, so that it is not the same twice."""


def hits(output: Output) -> tuple[Hit, ...]:
    """The passages found, in order; a summary has none."""
    return output.hits if isinstance(output, Answer) else ()


def cited(output: Output) -> dict[int, Citation]:
    """Citations by number."""
    return {citation.number: citation for citation in output.citations}


def fault(citation: Citation, context: Context) -> str | None:
    """What keeps a citation from being a verbatim stretch of its article."""
    try:
        return fault_in(context.article_text(citation.article_id, citation.revision), citation)
    except UnknownArticle:
        return fault_in(None, citation)


def fault_in(text: str | None, citation: Citation) -> str | None:
    """What keeps a citation from being a verbatim stretch of that text; ``None`` for the text of no article."""
    if text is None:
        return f"[{citation.number}] cites an unknown article"
    if not 0 <= citation.start < citation.end <= len(text):
        return f"[{citation.number}] lies outside its article"
    return None if text[citation.start : citation.end] == citation.quote else f"[{citation.number}] is not verbatim"


def evidence(citation: Citation, context: Context) -> Source | None:
    """The cited words as a support test takes them; ``None`` where they are not verbatim, which support nothing."""
    return None if fault(citation, context) else Source(citation.quote, citation.published_at)


def named(statement: Statement, output: Output) -> list[Citation]:
    """The citations of a statement, each once; a number that names none is passed over."""
    known = cited(output)
    return [known[number] for number in dict.fromkeys(statement.citations) if number in known]


def used(output: Output) -> set[int]:
    """The numbers that the statements shown cite by, whether or not they name a citation."""
    return {number for statement in output.statements for number in statement.citations}


def dangling(numbers: Iterable[int], known: Container[int]) -> tuple[int, ...]:
    """Those of the numbers that name none of the citations known, each once."""
    return tuple(number for number in dict.fromkeys(numbers) if number not in known)


def dangling_faults(output: Output) -> list[str]:
    """Each number shown that names no citation, as a fault."""
    return [names_none(number) for number in dangling(sorted(used(output)), cited(output))]


def names_none(number: int) -> str:
    """The fault of a number that names no citation."""
    return f"[{number}] names no citation"


def shown(output: Output) -> str:
    """All that an output tells, without markers."""
    return " ".join(statement.text for statement in output.statements)
