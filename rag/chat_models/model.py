"""A chat model as a function from two prompts to a reply: streamed or whole, counted, kept to a budget."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from rag.chat_models.background import Flow
from rag.chat_models.faults import fault
from rag.chat_models.prices import price_of
from rag.chat_models.replies import Replies, key_of
from rag.chat_models.spending import NOTHING, Budget
from rag.records import Usage

if TYPE_CHECKING:
    from rag.chat_models.provider import Provider
    from rag.chat_models.streaming import Tally
    from rag.errors import ModelError


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model wrote."""

    text: str
    usage: Usage | None


class Deltas(Protocol):
    """Pieces of text that can be stopped."""

    def __next__(self) -> str: ...
    def close(self) -> None: ...


class Writing:
    """The reply as it is written: an iterator of pieces of text, and a context manager.

    ``close`` stops the request at once, also while the server is silent; so does leaving the ``with`` or dropping
    the object. An error is raised after the pieces that came before it.
    """

    usage: Usage | None = None
    """Set at the end; after a break, what is known of it."""

    def __init__(
        self,
        deltas: Deltas,
        settle: Callable[[bool, bool], Usage | None],
        explain: Callable[[Exception], ModelError],
    ) -> None:
        self._deltas = deltas
        self._settle = settle
        self._explain = explain
        self._open = True
        self._lock = Lock()

    def __iter__(self) -> Writing:
        return self

    def __next__(self) -> str:
        """The next piece.

        Raises:
            ContextTooLong: the prompt does not fit.
            Declined: the model or its filter would not answer.
            NoReply: the reply is empty, cut off or endless.
            ModelError: anything else went wrong.
        """
        if not self._open:
            raise StopIteration
        raised: ModelError | None = None
        try:
            return next(self._deltas)
        except StopIteration:
            pass
        except Exception as error:  # every provider raises its own; none shares a base class
            raised = self._explain(error)
        self._end(whole=raised is None, failed=raised is not None)
        # Outside the handler, or the provider's error, which may hold a key, would be chained to it.
        raise raised or StopIteration

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Stop now; does nothing once the reply has ended."""
        if self._open:
            self._deltas.close()
            self._end(whole=False, failed=False)

    def _end(self, *, whole: bool, failed: bool) -> None:
        with self._lock:
            was_open, self._open = self._open, False
        if was_open:
            self.usage = self._settle(whole, failed)


@dataclass(frozen=True, slots=True)
class _Call:
    prompt: tuple[str, str]
    held: float
    key: str | None
    tally: Tally


class ChatModel:
    """One model at one address. Safe to share between threads."""

    def __init__(
        self, provider: Provider, name: str, *, cache: Replies | None = None, budget: Budget | None = None
    ) -> None:
        self.name = name
        """``provider:name``"""
        self.address = provider.address
        """Where its requests go; ``None`` where that is not known."""
        self._provider = provider
        self._model = name.partition(":")[2]
        self._price = price_of(self._model, self.address)
        self._cache = cache
        self._budget = budget or Budget()
        self._spent = NOTHING
        self._lock = Lock()

    @cached_property
    def context(self) -> int:
        """Tokens that prompt and reply may take together; the server may be asked for it, once."""
        from rag.chat_models.limits import context_of

        return context_of(self._provider, self._model)

    @cached_property
    def longest(self) -> int:
        """Tokens of a reply at most."""
        from rag.chat_models.limits import longest_of

        return longest_of(self._provider, self.context)

    @property
    def spent(self) -> Usage:
        """All calls of this model so far."""
        return self._spent

    def cost(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens; ``None`` where its price is not known."""
        return self._price.cost(input_tokens, output_tokens) if self._price else None

    def complete(self, system: str, user: str) -> Reply:
        """The whole reply.

        Raises:
            ModelError: as ``writing``.
        """
        with self.writing(system, user) as writing:
            text = "".join(writing)
        return Reply(text, writing.usage)

    def writing(self, system: str, user: str) -> Writing:
        """Start a reply, or find it among those kept.

        Raises:
            ModelError: the budget does not allow the call.
        """
        from rag.chat_models.streaming import Tally, spoken

        key = self._key(system, user) if self._cache else None
        if self._cache and key and (kept := self._cache.get(key)):
            text, usage = kept
            return Writing((piece for piece in [text]), lambda *_: usage, self._explained)
        prompt = (system, user)
        held = self._budget.hold(self.name, prompt, self.longest, self._price)
        call = _Call(prompt, held, key, Tally())
        chunks = self._provider.chunks(system, user, self.longest)
        return Writing(Flow(spoken(chunks, call.tally)), partial(self._settled, call), self._explained)

    def _settled(self, call: _Call, whole: bool, failed: bool) -> Usage | None:
        tally = call.tally
        # A call that fails before its first word is not charged for, unless the server says so, as where it only
        # thought; one that is stopped there may be.
        free = failed and not tally.heard and not tally.usage
        used = None if free else tally.counted(call.prompt)
        usage = self._price.priced(used) if used and self._price else used
        self._budget.settle(call.held, usage)
        with self._lock:
            self._spent += usage or NOTHING
        if self._cache and call.key and usage and whole:
            self._cache.put(call.key, tally.spoken, usage)
        return usage

    def _key(self, system: str, user: str) -> str:
        return key_of(self.name, self.address, self._provider.settings, str(self.longest), system, user)

    def _explained(self, error: Exception) -> ModelError:
        return fault(error, self.name, self.address, self._provider.secrets)
