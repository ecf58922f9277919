"""Prompts to one model, a few at once: replies are read as they come, and handed back in the order of the prompts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextvars import copy_context
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from rag.chain import private
from rag.errors import ModelError
from rag.records import Usage
from rag.stopping import Stop

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

T = TypeVar("T")
AT_ONCE = 4
"""Calls that wait for the model's server together."""
IN_A_ROW = 4
"""Calls that fail one after the other, after which no more are made."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, as far as it came."""

    text: str
    usage: Usage | None = None
    error: ModelError | None = None
    """Why it broke off."""


class Sender:
    """All calls of one summary, and what they took. ``done`` is called after each, in the caller's own thread."""

    def __init__(self, model: ChatModel, done: Callable[[], None]) -> None:
        self.usage: Usage | None = None
        self._model = model
        self._done = done
        self._lock = Lock()
        self._failed: list[ModelError] = []
        """Without an answer since."""

    def send(self, prompts: Sequence[tuple[str, str]], read: Callable[[int, Reply], T]) -> list[T]:
        """What ``read`` makes of each reply, given with its prompt's place; prompts are system and user texts.

        Whatever ends this early, such as Ctrl-C, closes the calls that still wait.
        """
        stop = Stop()
        results: dict[int, T] = {}
        with private(), ThreadPoolExecutor(AT_ONCE, "summary") as pool:
            # LangChain and LangSmith find in context variables what they may do; a thread has none of its own.
            waiting: dict[Future[Reply], int] = {
                pool.submit(copy_context().run, self._reply, stop, system, user): place
                for place, (system, user) in enumerate(prompts)
            }
            try:
                for future in as_completed(waiting):
                    reply = future.result()
                    if reply.usage:
                        self.usage = self.usage + reply.usage if self.usage else reply.usage
                    results[waiting[future]] = read(waiting[future], reply)
                    self._done()
            finally:
                for future in waiting:
                    future.cancel()
                stop.set()
        return [results[place] for place in range(len(prompts))]

    def _reply(self, stop: Stop, system: str, user: str) -> Reply:
        with self._lock:
            if len(self._failed) >= IN_A_ROW:
                return Reply("", error=self._failed[0])
        reply = _written(self._model, stop, system, user)
        with self._lock:
            self._failed = [*self._failed, reply.error] if reply.error else []
        return reply


def _written(model: ChatModel, stop: Stop, system: str, user: str) -> Reply:
    pieces: list[str] = []
    try:
        with model.writing(system, user) as writing:
            try:
                with stop.closing(writing.close):
                    for piece in writing:
                        pieces.append(piece)
            except ModelError as error:
                return Reply("".join(pieces), writing.usage, error)
    except ModelError as error:  # the budget does not allow the call
        return Reply("", error=error)
    return Reply("".join(pieces), writing.usage)
