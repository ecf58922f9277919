"""Answers that a language model writes, of which nothing is believed: every sentence is checked as it comes."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from rag.answer import Ending, ExtractiveAnswerer, Task
from rag.citing import Checked, Passed
from rag.errors import ContextTooLong, Declined, ModelError, Stopped
from rag.evidence import TO_JUDGE
from rag.records import Refusal, Turn, Usage
from rag.stopping import Stop
from rag.understanding import Understood, by_rule
from rag.written import prompts
from rag.written.fitting import FRAME_TOKENS, fence, fitting
from rag.written.grounding import ground
from rag.written.markers import Marked
from rag.written.opinion import Opinion
from rag.written.rephrasing import LONGEST, adds, by_model
from rag.written.replied import ReplyReader, read_reply

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

MOST = 60
"""Sentences of a reply that are read; no answer is longer."""
REPEATS = 3
"""Sentences that were all said before, in a row, after which a reply is taken to go on so for ever."""
_DECLINES = re.compile(
    r"\b(?:passages?|articles?|sources?|texts?|documents?|context|information)\b.{0,40}"
    r"\b(?:do(?:es)?|did)(?: not|n[’']t)"
    r" (?:mention|say|contain|cover|provide|state|specify|include|answer|give|discuss|address)\b",
    re.IGNORECASE,
)
"""Says in its own words that there is no answer."""


@dataclass(slots=True)
class _Read:
    """What has been read of a reply."""

    question: str
    passed: Sequence[Passed]
    said: set[Marked] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    repeats: int = 0
    count: int = 0
    held: list[Checked] = field(default_factory=list)
    """Set aside; told once they could not be repaired."""
    open: list[str] = field(default_factory=list)
    """What the model says the passages do not cover."""
    declines: bool = False
    endless: bool = False

    @property
    def shown(self) -> int:
        """How many sentences are."""
        return len(self.told)

    def show(self, checked: Checked) -> bool:
        """Whether a sentence that holds was not shown before; from now on it was."""
        new = checked.text not in self.told
        self.told.add(checked.text)
        return new

    @property
    def over(self) -> bool:
        """Whether no more of the reply is worth reading."""
        return self.endless or self.count >= MOST


class ModelAnswerer:
    """Has a chat model write one answer. ``name`` is the model's."""

    closest = TO_JUDGE

    def __init__(
        self,
        model: ChatModel,
        stop: Stop,
        *,
        repair: bool = True,
        opinion: ChatModel | None = None,
        fallback: bool = False,
    ) -> None:
        """With ``repair``, sentences set aside are given back once to be corrected. ``opinion`` is a model whose
        second opinion is heard of each sentence. With ``fallback``, the articles' own sentences answer where the
        model's server does not.
        """
        self.name = model.name
        self._model = model
        self._stop = stop
        self._repair = repair
        self._opinion = Opinion(opinion.name, partial(self._write, opinion)) if opinion else None
        self._fallback = fallback
        self._usage: Usage | None = None
        self._seconds = 0.0

    def understand(self, question: str, history: Sequence[Turn], *, deep: bool) -> Understood:
        """By the model where there is a conversation, or more effort is wanted; by rule otherwise."""
        if not history and not deep:
            return by_rule(question, history)
        try:
            return by_model(question, history, lambda system, user: self._write(self._model, system, user), deep=deep)
        except ModelError:
            if not self._fallback:
                raise
            return by_rule(question, history)

    def answer(self, task: Task) -> Generator[Checked, None, Ending]:
        """The sentences of the reply. What holds before a fault is kept; raises ModelError where nothing does."""
        room = self._model.context - self._model.longest - FRAME_TOKENS
        read = _Read(task.question, fitting(task.passed, task.evidence, room))
        notes = []
        try:
            try:
                yield from self._reply(task, read)
            except ContextTooLong:
                read = _Read(task.question, fitting(task.passed, task.evidence, room // 2))
                yield from self._reply(task, read)
                notes.append(f"'{self.name}' could read {len(read.passed)} of {len(task.passed)} passages at once.")
            notes += yield from self._repaired(task, read)
        except (ModelError, Stopped) as error:
            return (yield from self._broken(task, read, error))
        return self._ending(read, notes=notes)

    def _reply(self, task: Task, read: _Read) -> Iterator[Checked]:
        """The sentences of one reply; those set aside are held back where they may be repaired."""
        fenced = [fence(one) for one in read.passed]
        prompt = prompts.question_prompt(task.question, fenced, task.as_of, compare=task.deep)
        reader = ReplyReader()
        with closing(self._deltas(self._model, prompts.ANSWER, prompt)) as deltas:
            for delta in deltas:
                yield from self._told(reader.feed(delta), read)
                if read.over:
                    return
        yield from self._told(reader.finish(), read)

    def _told(self, sentences: Sequence[Marked], read: _Read) -> Iterator[Checked]:
        for marked in sentences:
            if read.over:
                return
            if (checked := self._taken(marked, read)) is None:
                continue
            if checked.check.verdict != "unsupported":
                if read.show(checked):
                    yield checked
            elif self._repair and not _declines(marked):
                read.held.append(checked)
            else:
                yield checked

    def _taken(self, marked: Marked, read: _Read) -> Checked | None:
        """A sentence checked; ``None`` where it states nothing about the news, or was said before."""
        if _is(marked.text, prompts.NO_ANSWER) or _is(marked.text, prompts.NONE):
            read.declines = True
            return None
        if marked.text.upper().startswith(prompts.NOT_COVERED):
            left_open = marked.text[len(prompts.NOT_COVERED) :].strip(" .?")
            # Shown unchecked, so it may hold nothing that was not asked.
            if 0 < len(left_open) <= LONGEST and not adds(left_open, read.question):
                read.open.append(left_open)
            return None
        read.repeats = read.repeats + 1 if marked in read.said else 0
        read.endless = read.repeats >= REPEATS
        if read.repeats:
            return None
        read.said.add(marked)
        read.count += 1
        read.declines = read.declines or _declines(marked)
        return self._checked(marked, read.passed, read.count)

    def _checked(self, marked: Marked, passed: Sequence[Passed], place: float) -> Checked:
        began = time.perf_counter()
        checked = ground(marked, passed, place)
        self._seconds += time.perf_counter() - began
        return self._opinion.of(checked) if self._opinion else checked

    def _repaired(self, task: Task, read: _Read) -> Generator[Checked, None, list[str]]:
        """What was set aside, written anew once where it can be; whatever still does not hold is told as it was."""
        notes = []
        if read.held and read.shown + len(read.held) < MOST:
            try:
                yield from (checked for checked in self._anew(task, read) if read.show(checked))
            except ModelError as error:
                notes.append(f"What was set aside could not be given back to be corrected: {error}")
        yield from read.held
        return notes

    def _anew(self, task: Task, read: _Read) -> list[Checked]:
        faults = [(one.text, "; ".join(problem.message for problem in one.check.problems)) for one in read.held]
        prompt = prompts.repair_prompt(task.question, [fence(one) for one in read.passed], faults)
        lines = [line for line in self._write(self._model, prompts.REPAIR, prompt).splitlines() if line.strip()]
        one_each = len(lines) == len(read.held)
        anew = []
        for index, line in enumerate(lines[: len(read.held)]):
            place = read.held[index].place if one_each else float(MOST)
            for marked in read_reply(line):
                if not _is(marked.text, prompts.NONE) and marked not in read.said:
                    read.said.add(marked)
                    anew.append(self._checked(marked, read.passed, place))
        return [one for one in anew if one.check.verdict != "unsupported"]

    def _broken(self, task: Task, read: _Read, error: ModelError | Stopped) -> Generator[Checked, None, Ending]:
        """The end of a reply that broke off: what holds is kept, else the fallback answers, else it is raised."""
        if read.shown:
            yield from read.held
            return self._ending(read, incomplete=str(error))
        if self._fallback and isinstance(error, ModelError):
            ending = yield from ExtractiveAnswerer().answer(task)
            note = f"{error} These are the articles' own sentences instead."
            return replace(ending, usage=self._usage, notes=(note,))
        if isinstance(error, Declined):
            yield from read.held
            return self._ending(read, refusal=Refusal("declined", str(error)))
        raise error

    def _ending(
        self,
        read: _Read,
        *,
        refusal: Refusal | None = None,
        incomplete: str | None = None,
        notes: Sequence[str] = (),
    ) -> Ending:
        if not read.shown and (read.declines or read.open):
            refusal = refusal or Refusal("not_answered", "The articles found do not answer this question.")
        if read.endless:
            incomplete = f"'{self.name}' went on repeating itself and was stopped."
        heard = self._opinion.note if self._opinion else None
        return Ending(
            self.name,
            self._usage,
            refusal,
            incomplete,
            tuple(read.open),
            (*notes, *([heard] if heard else [])),
            self._seconds,
        )

    def _write(self, model: ChatModel, system: str, user: str) -> str:
        return "".join(self._deltas(model, system, user))

    def _deltas(self, model: ChatModel, system: str, user: str) -> Generator[str]:
        """What a model writes, as it does, and what that takes."""
        with model.writing(system, user) as writing:
            try:
                with self._stop.closing(writing.close):
                    yield from writing
            finally:
                if writing.usage is not None:
                    self._usage = self._usage + writing.usage if self._usage else writing.usage


def _declines(marked: Marked) -> bool:
    return not marked.numbers and _DECLINES.search(marked.text) is not None


def _is(text: str, word: str) -> bool:
    return re.sub(r"[\W_]+", " ", text).strip().upper() == word
