"""What a model is asked for a part of a summary, and what it told: every sentence checked, corrected once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from rag.citing import Checked, Passed
from rag.errors import ContextTooLong, ModelError
from rag.records import Span, Usage
from rag.summaries.writing.sending import Reply, Sender
from rag.written import prompts
from rag.written.fitting import fence
from rag.written.grounding import ground
from rag.written.markers import Marked
from rag.written.replied import ReplyReader, read_reply

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

T = TypeVar("T")
READ = 2
"""Sentences read of a reply for each that was asked for; what goes on for longer is no summary."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One prompt; ``ask`` makes it."""

    passed: tuple[Passed, ...]
    task: str
    sentences: int
    """It asks for, and of which no more are taken."""
    user: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a prompt."""

    asked: Asked
    checked: tuple[Checked, ...]
    """All that was written, in order."""
    error: ModelError | None = None
    """Why it ends before its end."""
    cited: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The numbers that each sentence gave, by its text."""

    @property
    def held(self) -> list[Checked]:
        """What holds of it, to the number asked for."""
        return [one for one in self.checked if one.check.verdict != "unsupported"][: self.asked.sentences]

    @property
    def faults(self) -> list[Checked]:
        """What does not hold."""
        return [one for one in self.checked if one.check.verdict == "unsupported"]

    def places(self, checked: Checked) -> list[int]:
        """Places of the passages shown that a sentence cites, from 0."""
        shown = range(len(self.asked.passed))
        given = [number - 1 for number in self.cited.get(checked.text, ()) if number - 1 in shown]
        bearing = [
            place
            for place in shown
            for piece in checked.cited
            if self.asked.passed[place].article.id == piece.article.id
            and piece.span in Span(self.asked.passed[place].hit.start, self.asked.passed[place].hit.end)
        ]
        return given or bearing[:1]


def ask(passed: Sequence[Passed], task: str, sentences: int) -> Asked:
    """A prompt that shows passages and says what to write of them."""
    user = prompts.summary_prompt([fence(one) for one in passed], task)
    return Asked(tuple(passed), task, sentences, user)


class Calls:
    """All calls of one summary. ``done`` is called after each."""

    def __init__(self, model: ChatModel, done: Callable[[], None]) -> None:
        self._sender = Sender(model, done)
        self.made = 0
        self.seconds = 0.0
        """Spent on checking."""

    @property
    def usage(self) -> Usage | None:
        """Of all calls so far."""
        return self._sender.usage

    def tell(self, asked: Sequence[Asked]) -> list[Told]:
        """What is written to each prompt, in their order."""
        sent = [(prompts.SUMMARY, one.user) for one in asked]
        return self._send(sent, lambda place, reply: self._read(asked[place], reply))

    def halved(self, told: Sequence[Told]) -> list[Told]:
        """The same, but what the model could not read at once is asked again in two halves."""
        halves = {id(one): _halves(one) for one in told if isinstance(one.error, ContextTooLong)}
        again = iter(self.tell([half for pair in halves.values() for half in pair]))
        return [each for one in told for each in [next(again) for _ in halves.get(id(one), ())] or [one]]

    def corrected(self, told: Sequence[Told]) -> tuple[list[Told], list[ModelError]]:
        """The same with each fault written anew, where that holds; and why some could not be given back."""
        faulty = [one for one in told if one.faults]
        replies = self._send([(prompts.REPAIR, _repair(one)) for one in faulty], lambda _, reply: reply)
        anew = {id(one): self._anew(one, reply) for one, reply in zip(faulty, replies, strict=True)}
        return [anew.get(id(one), one) for one in told], [reply.error for reply in replies if reply.error]

    def _send(self, sent: Sequence[tuple[str, str]], read: Callable[[int, Reply], T]) -> list[T]:
        self.made += len(sent)
        return self._sender.send(sent, read)

    def _read(self, asked: Asked, reply: Reply) -> Told:
        # The last words of a reply that broke off are no whole sentence.
        sentences = ReplyReader().feed(reply.text) if reply.error else read_reply(reply.text)
        sentences = sentences[: READ * asked.sentences + READ]
        checked = tuple(self._grounded(sentences, asked.passed))
        return Told(asked, checked, reply.error, {one.text: one.numbers for one in sentences})

    def _grounded(self, sentences: Sequence[Marked], passed: Sequence[Passed]) -> Iterator[Checked]:
        for place, marked in enumerate(dict.fromkeys(sentences)):
            if not prompts.declines(marked.text):
                began = time.perf_counter()
                checked = ground(marked, passed, place)
                self.seconds += time.perf_counter() - began
                yield checked

    def _anew(self, told: Told, reply: Reply) -> Told:
        """With what was written in the place of a fault, where it holds and is new."""
        lines = [line for line in reply.text.splitlines() if line.strip()]
        if len(lines) != len(told.faults):
            lines = [reply.text]
        cited = dict(told.cited)
        known = {one.text for one in told.checked}
        found: dict[int, list[Checked]] = {}
        for fault, line in zip(told.faults, lines, strict=False):
            read = self._read(told.asked, Reply(line, error=reply.error))
            found[id(fault)] = [one for one in read.held if one.text not in known]
            known |= {one.text for one in read.held}
            cited |= read.cited
        kept = tuple(each for one in told.checked for each in found.get(id(one)) or [one])
        return replace(told, checked=kept, cited=cited)


def _halves(told: Told) -> list[Asked]:
    asked = told.asked
    middle = len(asked.passed) // 2
    halves = (asked.passed[:middle], asked.passed[middle:]) if middle else ()
    return [ask(half, asked.task, asked.sentences) for half in halves]


def _repair(told: Told) -> str:
    faults = [(one.text, "; ".join(problem.message for problem in one.check.problems)) for one in told.faults]
    return prompts.summary_repair_prompt([fence(one) for one in told.asked.passed], told.asked.task, faults)
