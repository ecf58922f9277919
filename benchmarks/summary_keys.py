"""What summaries of the sample articles ought to tell, written down by hand from reading them.

``timeline_key.jsonl`` holds the events, an object a line, story by story: days first, then what is known to a month,
a year or a span of days. An event is kept only where the articles leave no doubt about its time. Left out: what
bystanders said, and acts that an article reports without telling when, such as "he offered to resign". Where reports
were corrected or overtaken, the older one is marked; where outlets differ and neither gave way, both stand.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FERRIES = "2793bb9e1a6df87b"
LETTER = "e682d705e66a239d"
"""Ids of ``harbour-ferries.txt`` and ``tram-letter.txt``, which state none."""
STORIES = {
    "dam": {
        *("dam-spillway-crack", "dam-collapse-wire-orlavia", "dam-collapse-wire-northgate"),
        *("dam-collapse-wire-tidewater", "dam-toll-nine", "dam-toll-seven", "dam-final-toll", "dam-inquiry-report"),
    },
    "harbour": {
        *("harbour-strike-vote", "harbour-strike-begins", FERRIES, "harbour-second-offer", "harbour-deal"),
        *("harbour-cost-chronicle", "harbour-cost-meridian"),
    },
    "kim": {
        *("kim-putin-summit", "kim-white-house-warning", "kim-gifts", "kim-plant-visit", "kim-what-next"),
        "kim-opinion-theatre",
    },
    "tram": {"tram-approved", "tram-cost-rise", LETTER, "tram-chatbot-prank", "tram-partial-opening"},
}
"""Ids of the articles of each story. Every sample article is in one."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, or was to happen, at a time that the articles tell."""

    story: str
    when: str
    """A day, a month or a year, or two of them with a slash between, as ISO 8601 writes them."""
    what: str
    holds: str
    """A regular expression that finds something in every sentence that tells it, and in no other."""
    articles: tuple[str, ...]
    """Ids of the articles that tell it."""
    inferred: bool = False
    """Whether no sentence that tells it states the day, which follows from those around it or the article's date."""
    superseded: bool = False
    """Whether a newer report says otherwise."""

    @property
    def first(self) -> date:
        """The day, or the first of the period."""
        return _bounds(self.when.split("/")[0])[0]

    @property
    def last(self) -> date:
        """The day, or the last of the period."""
        return _bounds(self.when.split("/")[-1])[1]

    @property
    def dated(self) -> bool:
        """Whether it is known to the day."""
        return self.first == self.last

    def told_by(self, sentence: str) -> bool:
        """Whether a sentence tells it."""
        return re.search(self.holds, sentence) is not None


@cache
def events() -> tuple[Event, ...]:
    """Every event of the key."""
    lines = Path(__file__).with_name("timeline_key.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return tuple(Event(**row | {"articles": tuple(row["articles"])}) for row in rows)


def _bounds(when: str) -> tuple[date, date]:
    """The first and the last day of a day, a month or a year."""
    year, month, day = [*(int(part) for part in when.split("-")), 0, 0][:3]
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return date(year, 1, 1), date(year, 12, 31)
