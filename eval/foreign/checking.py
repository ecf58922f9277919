"""The sentences of a foreign answer, each verified against the words it cites, as our own are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.scores import dangling, fault_in, names_none
from rag.records import Article, Citation, Problem, Statement, Verdict
from rag.verify import Check, Source, verify
from rag.written.markers import Marked

UNCITED = "It cites nothing; it was checked against everything that was retrieved."
_ORDER: tuple[Verdict, ...] = ("unsupported", "weak", "supported")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation, and the article it names; ``None`` where there is no such article."""

    citation: Citation
    article: Article | None
    trusted: bool = False
    """Whether its quote is taken as it is, because its article is not at hand."""

    @property
    def fault(self) -> str | None:
        """Why its quote is not the article's words."""
        if self.trusted:
            return None
        fault = fault_in(self.article.text if self.article else None, self.citation)
        return fault and f"{fault}."


def stated(marked: Sequence[Marked], cited: Mapping[int, Cited], found: Sequence[Source]) -> tuple[Statement, ...]:
    """The sentences with their verdicts.

    Where no sentence of the whole answer has a marker, each is checked against all that was found, so that its
    groundedness is known. It cites nothing all the same, and says so among its problems.
    """
    if any(one.numbers for one in marked) or not found:
        return tuple(_statement(one, cited) for one in marked)
    return tuple(_unmarked(one, found) for one in marked)


def rechecked(statement: Statement, cited: Mapping[int, Cited]) -> Statement:
    """A statement that came with a verdict, which our check can only lower."""
    check = _check(statement.text, statement.citations, cited)
    if _ORDER.index(check.verdict) >= _ORDER.index(statement.verdict):
        return statement
    return replace(statement, verdict=check.verdict, problems=(*statement.problems, *check.problems))


def sources(cited: Collection[Cited]) -> list[Source]:
    """What citations bear: their words, and who reported them, which need not stand in the text."""
    exact = [one for one in cited if one.fault is None]
    words = [Source(one.citation.quote, one.citation.published_at) for one in exact]
    return [*words, *(Source(one.citation.source) for one in exact if one.citation.source)]


def _statement(marked: Marked, cited: Mapping[int, Cited]) -> Statement:
    check = _check(marked.text, marked.numbers, cited)
    return Statement(marked.text, marked.numbers, check.verdict, check.problems)


def _check(text: str, numbers: Sequence[int], cited: Mapping[int, Cited]) -> Check:
    """A number that names nothing makes a sentence unsupported; a quote that is not verbatim bears nothing."""
    if unknown := dangling(numbers, cited):
        problems = (Problem("citation", f"[{number}]", f"{names_none(number)}.") for number in unknown)
        return Check("unsupported", tuple(problems))
    named = [cited[number] for number in numbers]
    check = verify(text, sources(named))
    if check.verdict == "supported":
        return check
    faults = [(one, fault) for one in named if (fault := one.fault)]
    told = (Problem("citation", f"[{one.citation.number}]", fault) for one, fault in faults)
    return Check(check.verdict, (*told, *check.problems))


def _unmarked(marked: Marked, found: Sequence[Source]) -> Statement:
    check = verify(marked.text, found)
    return Statement(marked.text, (), check.verdict, (*check.problems, Problem("citation", "", UNCITED)))
