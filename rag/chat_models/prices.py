"""What models cost, in US dollars per million tokens read and written: list prices of OpenAI as of November 2025.

``GROUNDWIRE_PRICE="IN,OUT"`` states another price, or that of another provider's model.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.errors import UsageError
from rag.records import Usage
from rag.settings import setting

OPENAI = "https://api.openai.com/v1"
_LISTED = {
    "gpt-5": (1.25, 10.0),
    "gpt-5-mini": (0.25, 2.0),
    "gpt-5-nano": (0.05, 0.4),
    "gpt-4.1": (2.0, 8.0),
    "gpt-4.1-mini": (0.4, 1.6),
    "gpt-4.1-nano": (0.1, 0.4),
    "gpt-4o": (2.5, 10.0),
    "gpt-4o-mini": (0.15, 0.6),
}
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens."""

    read: float
    written: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Dollars for so many tokens."""
        return (input_tokens * self.read + output_tokens * self.written) / _MILLION


def price(name: str, address: str | None) -> Price | None:
    """The price of a model at an address; ``None`` where it is not known. Raises UsageError for a wrong setting."""
    if stated := setting("GROUNDWIRE_PRICE"):
        return _stated(stated)
    provider, _, model = name.partition(":")
    listed = _LISTED.get(_SNAPSHOT.sub("", model)) if provider == "openai" and address == OPENAI else None
    return Price(*listed) if listed else None


def costed(usage: Usage, price: Price | None) -> Usage:
    """The usage with its cost, where the price is known."""
    if price is None:
        return usage
    return Usage(usage.input_tokens, usage.output_tokens, price.of(usage.input_tokens, usage.output_tokens))


def _stated(written: str) -> Price:
    try:
        read, out = (float(part) for part in written.split(","))
    except ValueError:
        read = out = -1.0
    if not (0 <= read < float("inf") and 0 <= out < float("inf")):
        raise UsageError(
            f"GROUNDWIRE_PRICE is '{written}'; write dollars per million tokens read and written, such as 0.25,2"
        )
    return Price(read, out)
