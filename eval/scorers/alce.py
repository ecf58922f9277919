"""Citation recall and precision as ALCE defines them, with whatever tells whether cited words support a sentence.

Gao, Yen, Yu and Chen, "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), section 3.
A statement has recall 1 if it cites something and all that it cites, taken together, supports it. A citation is
precise if its statement has recall 1 and the citation is not irrelevant: irrelevant is one that does not support the
statement alone while the statement's other citations do without it.

A number that names no citation makes its statement's recall 0, and is itself a citation that is not precise: so the
paper defines it, while the script published with it leaves such statements out of precision. A number counts once in
a statement, however often it stands there; in each statement that has it, it counts anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from eval.cases import Case
from eval.scores import Context, Output, Score, cited, dangling, evidence
from rag.records import Statement
from rag.verify import Source

UNTOLD = "whether the words cited support it could not be told"


def citation_recall(_: Case, output: Output, context: Context) -> Score:
    """The share of statements that the words they cite, taken together, support."""
    if unscored := _unscored(output):
        return unscored
    found = [_Cited.of(statement, output, context) for statement in output.statements]
    recalls = [one.recall(context) for one in found]
    if None in recalls:
        return Score(None, UNTOLD)
    faults = [
        one.lack(place) for place, (one, recall) in enumerate(zip(found, recalls, strict=True), 1) if not recall
    ]
    return Score(sum(map(bool, recalls)) / len(recalls), faults[0] if faults else None)


def citation_precision(_: Case, output: Output, context: Context) -> Score:
    """The share of citations, counted in each statement that makes them, which help to support it."""
    if unscored := _unscored(output):
        return unscored
    made: list[tuple[str, bool | None]] = []
    for place, statement in enumerate(output.statements, 1):
        one = _Cited.of(statement, output, context)
        made += [(f"[{number}] of statement {place}", precise) for number, precise in one.precisions(context)]
    if not made:
        return Score(0.0, "cites nothing")
    if any(precise is None for _, precise in made):
        return Score(None, UNTOLD)
    wrong = [which for which, precise in made if not precise]
    return Score((len(made) - len(wrong)) / len(made), f"{wrong[0]} does not help to support it" if wrong else None)


@dataclass(frozen=True, slots=True)
class _Cited:
    """A statement's words and what each number in it stands for."""

    text: str
    numbers: tuple[int, ...]
    dangling: tuple[int, ...]
    """Those that name no citation."""
    sources: dict[int, Source | None]
    """``None`` for a quote that is not verbatim."""

    @classmethod
    def of(cls, statement: Statement, output: Output, context: Context) -> _Cited:
        numbers, known = tuple(dict.fromkeys(statement.citations)), cited(output)
        sources = {number: evidence(known[number], context) for number in numbers if number in known}
        return cls(statement.text, numbers, dangling(numbers, known), sources)

    def recall(self, context: Context) -> bool | None:
        """Whether all it cites supports it; ``None`` where that could not be told."""
        return False if self.dangling else self._supported(self.numbers, context)

    def precisions(self, context: Context) -> list[tuple[int, bool | None]]:
        """Whether each citation is precise, by number; ``None`` where that could not be told."""
        recall = self.recall(context)
        if not recall or len(self.numbers) == 1:
            return [(number, recall) for number in self.numbers]
        return [(number, self._helps(number, context)) for number in self.numbers]

    def lack(self, place: int) -> str:
        """Why its recall is 0."""
        if not self.numbers:
            return f"statement {place} cites nothing"
        if self.dangling:
            return f"[{self.dangling[0]}] of statement {place} names no citation"
        return f"statement {place} is not supported by what it cites"

    def _helps(self, number: int, context: Context) -> bool | None:
        alone = self._supported((number,), context)
        if alone:
            return True
        others = self._supported(tuple(other for other in self.numbers if other != number), context)
        if others is False:
            return True
        return None if alone is None or others is None else False

    def _supported(self, numbers: tuple[int, ...], context: Context) -> bool | None:
        sources = [source for number in numbers if (source := self.sources[number])]
        return context.support(self.text, sources) if sources else False


def _unscored(output: Output) -> Score | None:
    if output.refusal:
        return Score(None, "refused")
    return None if output.statements else Score(None, "shows no statement")
