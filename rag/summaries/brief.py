"""What a summary is to be made of, what its writer hands back, and what a writer of summaries is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from rag.citing import Checked
from rag.records import Article, Refusal, Usage
from rag.summaries.stories import Story
from rag.summary import Length, Plan, Style, Watch


@dataclass(frozen=True, slots=True)
class Brief:
    """What is to be summarised, and how."""

    articles: tuple[Article, ...]
    """Whole, none of them a near-copy of another, a stub or empty."""
    stories: tuple[Story, ...]
    """The stories that the articles tell, the largest first; of a subject, the one that fits it best."""
    style: Style
    length: Length
    subject: str | None
    """What it is to be about, where that was asked."""
    named: bool
    """Whether the articles were named, as one story or one by one, rather than found."""
    as_of: datetime
    carriers: Callable[[str], tuple[str, ...]]
    """Ids of the articles that carry an article's report, that one included."""
    embed: Callable[[Sequence[str]], NDArray[np.float32]]
    """Texts as vectors of length one: English that means the same lies close."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section before its citations are numbered; the whole summary, where it has no heading."""

    checked: tuple[Checked, ...]
    heading: str | None = None
    first: date | None = None
    last: date | None = None
    articles: tuple[Article, ...] = ()
    """Those that tell it, the one it is named after first."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a writer made of a brief."""

    parts: tuple[Part, ...] = ()
    refusal: Refusal | None = None
    """Where there is nothing of the form asked for, such as no dated event."""
    usage: Usage | None = None
    plan: Plan | None = None
    notes: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why articles were left out, by id, where it is not for the length."""
    incomplete: str | None = None
    seconds: float = 0.0
    """Spent on checking; where no model wrote, on choosing too, for each sentence is checked as it is chosen."""


class Summarizer(Protocol):
    """Writes summaries of whole articles."""

    name: str

    def write(self, brief: Brief, watch: Watch | None = None) -> Outcome:
        """The sentences of the summary, each checked, in the order they are read."""
