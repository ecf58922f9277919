"""OpenAI's list prices as they stood in October 2025, and what a call costs at a price.

Standard rates, none for batches or cached input: what is billed may be less.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rag.chat_models.addresses import OPENAI, host
from rag.errors import UsageError
from rag.records import Usage
from rag.settings import setting

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """US dollars for these many tokens."""
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000

    def priced(self, usage: Usage) -> Usage:
        """The usage with its cost."""
        return Usage(usage.input_tokens, usage.output_tokens, self.cost(usage.input_tokens, usage.output_tokens))


_LISTED = {
    "gpt-5": Price(1.25, 10.00),
    "gpt-5-mini": Price(0.25, 2.00),
    "gpt-5-nano": Price(0.05, 0.40),
    "gpt-4.1": Price(2.00, 8.00),
    "gpt-4.1-mini": Price(0.40, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.40),
    "gpt-4o": Price(2.50, 10.00),
    "gpt-4o-2024-05-13": Price(5.00, 15.00),
    "gpt-4o-mini": Price(0.15, 0.60),
    "o1": Price(15.00, 60.00),
    "o3": Price(2.00, 8.00),
    "o3-mini": Price(1.10, 4.40),
    "o4-mini": Price(1.10, 4.40),
}


def price_of(model: str, address: str | None) -> Price | None:
    """The price of a model (its name without the provider): the one stated, else OpenAI's own at OpenAI's address.

    Raises:
        UsageError: GROUNDWIRE_PRICE is not two prices.
    """
    stated = setting("GROUNDWIRE_PRICE")
    if stated is not None:
        return _read(stated)
    if host(address) != OPENAI:
        return None
    return _LISTED.get(model) or _LISTED.get(_SNAPSHOT.sub("", model))


def _read(stated: str) -> Price:
    try:
        price = Price(*(float(part) for part in stated.split(",")))
    except (ValueError, TypeError):
        price = Price(math.nan, math.nan)
    if not all(0 <= part < math.inf for part in (price.input, price.output)):
        raise UsageError(
            f"GROUNDWIRE_PRICE is '{stated}'. Write two prices in US dollars per million input and output tokens,"
            " such as 0.25,2."
        )
    return price
