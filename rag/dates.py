"""Dates: those a text mentions, and the period a question asks about."""

from rag.date_mentions import DateMention, find, held
from rag.periods import Period, period

__all__ = ["DateMention", "Period", "find", "held", "period"]
