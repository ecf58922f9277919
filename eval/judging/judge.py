"""A chat model that judges: whether cited words support a sentence, whether an answer says what is expected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from eval.cases import Case
from eval.judging import prompts
from eval.judging.counting import FAILED, UNREAD, bare_of, counted, faults, unread_of
from eval.judging.verdicts import RIGHT, SUPPORT, Wording, read_verdict
from eval.report import Judging, Outcome
from eval.scorers import alce
from eval.scores import Context, Output, Score, Scorer, evidence, named, shown
from rag.errors import ContextTooLong, Declined, ModelError, NoReply, UsageError
from rag.records import Statement, Usage
from rag.verify import Source

if TYPE_CHECKING:
    from eval.judging.measurement import Measurement
    from rag.chat_models.model import Reply
    from rag.chat_models.spending import Budget


class Model(Protocol):
    """What a judge needs of a chat model; ``rag.chat_models.model.ChatModel`` is one."""

    name: str
    address: str | None

    @property
    def spent(self) -> Usage:
        """All calls so far."""

    def complete(self, system: str, user: str) -> Reply:
        """The whole reply; raises ModelError."""


class Judge:
    """Asks one model, reads what it replies, and counts what could not be read. Safe to share between threads."""

    def __init__(self, model: Model, measured: Measurement | None = None) -> None:
        """``measured`` says how often this judge was right beside people, and travels with its counts."""
        self._model = model
        self._measured = measured
        self._verdicts: dict[tuple[str, str], Future[bool | None]] = {}
        """By prompt: what two measures or threads want to know is asked once."""
        self._lock = Lock()

    @property
    def name(self) -> str:
        """The model, as ``provider:name``."""
        return self._model.name

    @property
    def described(self) -> str:
        """The model, and the address that sentences and their sources are sent to."""
        return f"{self.name} at {self._model.address}" if self._model.address else self.name

    @property
    def spent(self) -> Usage:
        """Tokens and cost of all its calls so far."""
        return self._model.spent

    def over(self, outcomes: Iterable[Outcome]) -> Judging:
        """How many verdicts a run wanted and could not read, and how good this judge was beside people.

        It is told from the scores, so that a run that was broken off and resumed counts alike.
        """
        judged = list(outcomes)
        return replace(self._described(*counted(judged)), failed=faults(judged))

    def supports(self, sentence: str, sources: Sequence[Source]) -> bool | None:
        """Whether cited words, taken together, support a sentence; ``None`` where the reply held no verdict.

        Raises:
            ModelError: the model cannot be asked, or what it may cost is spent.
        """
        if _bare(sources):
            return False
        return self._verdict(prompts.SUPPORT, prompts.support_prompt(sentence, sources), SUPPORT)

    def right(self, case: Case, output: Output) -> bool | None:
        """Whether an output says what an expected answer says; ``None`` where the reply held no verdict.

        Raises:
            ModelError: as ``supports``.
            UsageError: the case expects no answer.
        """
        if not case.answers:
            raise UsageError(f"Case '{case.id}' has no expected answer to judge by; give 'answers'.")
        told = shown(output)
        if output.refusal or not told:
            return False
        return self._verdict(prompts.RIGHT, prompts.right_prompt(case.question, case.answers, told), RIGHT)

    def scores(self, case: Case, output: Output, context: Context) -> dict[str, Score]:
        """What it finds of one output, by measure; where the model fails, its fault is the reason for no value."""
        judged = replace(context, support=self.supports)
        return {
            "judged_grounded": self._grounded(output, context),
            "judged_right": self._right(case, output),
            "judged_citation_recall": _or_fault(alce.citation_recall, case, output, judged),
            "judged_citation_precision": _or_fault(alce.citation_precision, case, output, judged),
        }

    def _described(self, asked: int, unreadable: int) -> Judging:
        if self._measured is None or self._measured.judge is None:
            return Judging(asked, unreadable)
        rates = self._measured.judge.agreement
        return Judging(
            asked,
            unreadable,
            sensitivity=rates.sensitivity.mean,
            specificity=rates.specificity.mean,
            sensitivity_low=rates.sensitivity.low,
            sensitivity_high=rates.sensitivity.high,
            specificity_low=rates.specificity.low,
            specificity_high=rates.specificity.high,
        )

    def _grounded(self, output: Output, context: Context) -> Score:
        if output.refusal:
            return Score(None, "refused")
        if not output.statements:
            return Score(None, "shows no statement")
        cited = [(one.text, _sources(one, output, context)) for one in output.statements]
        try:
            verdicts = [self.supports(sentence, sources) for sentence, sources in cited]
        except ModelError as error:
            return Score(None, FAILED + str(error))
        bare = sum(_bare(sources) for _, sources in cited)
        if unread := verdicts.count(None):
            return Score(None, unread_of(unread, len(verdicts) - bare))
        return Score(verdicts.count(True) / len(verdicts), bare_of(bare, len(verdicts)) if bare else None)

    def _right(self, case: Case, output: Output) -> Score:
        if not case.answerable:
            return Score(None, "unanswerable")
        if not case.answers:
            return Score(None, "no expected answer")
        if output.refusal:
            return Score(0.0, "refused")
        try:
            verdict = self.right(case, output)
        except ModelError as error:
            return Score(None, FAILED + str(error))
        return Score(None, UNREAD) if verdict is None else Score(float(verdict))

    def _verdict(self, system: str, user: str, wording: Wording) -> bool | None:
        with self._lock:
            known = self._verdicts.get((system, user))
            verdict = known or self._verdicts.setdefault((system, user), Future())
        if not known:
            try:
                verdict.set_result(self._asked(system, user, wording))
            except BaseException as error:
                with self._lock:
                    del self._verdicts[system, user]
                verdict.set_exception(error)
                raise
        return verdict.result()

    def _asked(self, system: str, user: str, wording: Wording) -> bool | None:
        first, second = wording.asked
        verdict = self._read(system, user, wording)
        if verdict is None:
            again = prompts.AGAIN.format(first=first, second=second)
            verdict = self._read(system, f"{user}\n\n{again}", wording)
        return verdict

    def _read(self, system: str, user: str, wording: Wording) -> bool | None:
        try:
            return read_verdict(self._model.complete(system, user).text, wording)
        except (ContextTooLong, Declined, NoReply):  # it was asked, and what came is no verdict
            return None


def _sources(statement: Statement, output: Output, context: Context) -> list[Source]:
    """The words that a statement cites; a quote that is not verbatim in its article supports nothing."""
    found = (evidence(citation, context) for citation in named(statement, output))
    return [source for source in found if source]


def _bare(sources: Iterable[Source]) -> bool:
    """Whether there are no words to judge by."""
    return not any(source.text.strip() for source in sources)


def _or_fault(scorer: Scorer, case: Case, output: Output, context: Context) -> Score:
    try:
        return scorer(case, output, context)
    except ModelError as error:
        return Score(None, FAILED + str(error))


def open_judge(
    name: str,
    *,
    cache: str | Path | None = None,
    max_cost: float | None = None,
    budget: Budget | None = None,
    measured: Measurement | None = None,
) -> Judge:
    """The judge that a chat model makes; its replies are kept in ``cache``, and no call is made beyond ``max_cost``.

    ``budget`` is one that is shared with others, in its place.

    Raises:
        ModelError: there is no such model, or no key for it.
        UsageError: the name is that of no chat model, or it was measured as another judge.
    """
    from rag.answer import EXTRACTIVE
    from rag.chat_models.opening import open_model
    from rag.chat_models.spending import Budget

    if name == EXTRACTIVE:
        raise UsageError(f"'{EXTRACTIVE}' is no chat model and cannot judge. Name one, such as 'openai:gpt-5-mini'.")
    if measured:
        measured.check(name)
    folder = None if cache is None else Path(cache).expanduser()
    return Judge(open_model(name, cache=folder, budget=budget or Budget(max_cost), temperature=0.0), measured)
