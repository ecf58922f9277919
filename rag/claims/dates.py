"""Dates: those a text mentions, and the period a question asks about."""

from rag.claims.date_mentions import DateMention, find, held
from rag.claims.periods import period
from rag.records import Period

__all__ = ["DateMention", "Period", "find", "held", "period"]
