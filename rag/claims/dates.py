"""Dates: those a text mentions, and the period a question asks about."""

from rag.claims.date_mentions import DateMention, find, held
from rag.claims.periods import Period, period

__all__ = ["DateMention", "Period", "find", "held", "period"]
