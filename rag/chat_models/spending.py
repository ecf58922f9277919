"""What calls of models took so far, and the most they may cost together."""

from __future__ import annotations

from threading import Lock

from rag.chat_models.prices import Price
from rag.errors import ModelError
from rag.records import Usage


class Budget:
    """Shared by the models of one archive; safe to share between threads."""

    def __init__(self, max_cost: float | None = None) -> None:
        """``max_cost`` is in US dollars; ``None`` does not limit."""
        self._max_cost = max_cost
        self._lock = Lock()
        self._spent = Usage(0, 0, 0.0)
        self._reserved = 0.0

    @property
    def spent(self) -> Usage:
        """Tokens and cost of all calls that ended; the cost is ``None`` where one call's price is not known."""
        return self._spent

    def reserve(self, name: str, price: Price | None, input_tokens: int, output_tokens: int) -> float:
        """Set aside what one call costs at most, in dollars; it is given back by ``add``.

        Raises:
            ModelError: the call could cost more than is left, or its price is not known.
        """
        if self._max_cost is None:
            return 0.0
        if price is None:
            raise ModelError(
                f"What '{name}' costs is not known, so --max-cost cannot be kept. State its price in dollars per"
                " million tokens read and written, such as GROUNDWIRE_PRICE=0.25,2"
            )
        worst = price.of(input_tokens, output_tokens)
        with self._lock:
            gone = (self._spent.cost or 0.0) + self._reserved
            if gone + worst > self._max_cost:
                raise ModelError(
                    f"This call of '{name}' could cost ${worst:.4f}, and of --max-cost ${self._max_cost:.4f}"
                    f" ${max(0.0, self._max_cost - gone):.4f} is left, so it was not made. Raise --max-cost,"
                    " or ask for fewer passages with -k."
                )
            self._reserved += worst
        return worst

    def add(self, usage: Usage, reserved: float = 0.0) -> None:
        """Count a call that ended, and give back what was set aside for it."""
        with self._lock:
            self._spent = self._spent + usage
            self._reserved -= reserved
