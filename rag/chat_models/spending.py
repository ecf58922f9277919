"""What may be spent on chat models, and what was: a call that could pass the limit is not made."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

from rag import tokens
from rag.chat_models.prices import Price
from rag.errors import ModelError
from rag.records import Usage

PER_MESSAGE = 8
"""Tokens that a server wraps around each message, at most."""
NOTHING = Usage(0, 0, 0.0)


class Budget:
    """Money for any number of calls, models and threads; ``max_cost`` in US dollars, ``None`` for no limit."""

    def __init__(self, max_cost: float | None = None) -> None:
        self.max_cost = max_cost
        self._spent = NOTHING
        self._held = 0.0
        self._lock = Lock()

    @property
    def spent(self) -> Usage:
        """All calls so far; no cost where one of them had no known price."""
        return self._spent

    def hold(self, model: str, messages: Sequence[str], longest: int, price: Price | None) -> float:
        """Set aside what a call may cost at worst, in US dollars, until ``settle``; 0 where there is no limit.

        Raises:
            ModelError: that is more than is left, or it cannot be known.
        """
        if self.max_cost is None:
            return 0.0
        if price is None:
            raise ModelError(
                f"What '{model}' costs is not known, so --max-cost ${self.max_cost:g} cannot be kept. State its price"
                " in US dollars per million input and output tokens, such as GROUNDWIRE_PRICE=0.25,2."
            )
        worst = price.cost(sum(tokens.count(message) + PER_MESSAGE for message in messages), longest)
        with self._lock:
            left = self.max_cost - (self._spent.cost or 0.0) - self._held
            if worst > left:
                raise ModelError(
                    f"'{model}' was not asked: the call could cost ${worst:.6f}, and of --max-cost ${self.max_cost:g}"
                    f" ${max(left, 0):.6f} is left. Raise --max-cost, or choose a cheaper model."
                )
            self._held += worst
        return worst

    def settle(self, held: float, usage: Usage | None) -> None:
        """Give back what was held, and book what the call used; ``None`` where it used nothing."""
        with self._lock:
            self._held -= held
            self._spent += usage or NOTHING
