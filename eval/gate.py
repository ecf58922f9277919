"""Whether a run may pass: its cases answered, its metrics over or under the bounds given."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from eval.measures import known
from eval.report import Outcome, Report, mean
from rag.errors import UsageError

Way = Literal["under", "over"]
"""On which side of its bound a mean may not lie."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Cases that gave no output."""

    failed: tuple[Outcome, ...]
    cases: int
    """How many there are, those that gave one among them."""

    @property
    def line(self) -> str:
        """How many, and the first with its error."""
        first = self.failed[0]
        return f"{len(self.failed)} of {self.cases} cases failed; {first.case.id}: {first.error}"


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Cases in which the judge failed."""

    failed: int
    cases: int

    @property
    def line(self) -> str:
        """How many."""
        return f"the judge failed in {self.failed} of {self.cases} cases"


@dataclass(frozen=True, slots=True)
class Broken:
    """A bound that is not kept."""

    measure: str
    way: Way
    bound: float
    mean: float | None
    """``None`` where nothing was scored, which keeps no bound."""

    @property
    def line(self) -> str:
        """The mean and its bound."""
        if self.mean is None:
            return f"{self.measure} was scored in no case, so that {self.bound:g} cannot be shown"
        return f"{self.measure} is {self.mean:.4f}, {self.way} {self.bound:g}"


def parse_bound(written: str) -> tuple[str, float]:
    """``metric=0.9`` as a pair.

    Raises:
        UsageError: there is no such metric, or the bound is no number that it can reach.
    """
    name, _, bound = written.partition("=")
    if name not in known():
        raise UsageError(
            f"No metric '{name}' for '{written}'. Write metric=0.9; the metrics are: {', '.join(known())}."
        )
    try:
        value = float(bound)
    except ValueError:
        value = math.nan
    if known()[name].unit == "share" and not 0 <= value <= 1:
        raise UsageError(f"'{bound}' in '{written}' is no number from 0 to 1. Write for example {name}=0.9.")
    if not 0 <= value < math.inf:
        raise UsageError(f"'{bound}' in '{written}' is no number from 0. Write for example {name}=2.")
    return name, value


def failures(
    report: Report, *, under: Mapping[str, float] | None = None, over: Mapping[str, float] | None = None
) -> list[str]:
    """One line for each reason to fail a build: cases or judge that failed, metrics under or over their bound."""
    reasons = [unanswered(report), unjudged(report), *broken(report, under=under or {}, over=over or {})]
    return [reason.line for reason in reasons if reason]


def unanswered(report: Report) -> Unanswered | None:
    """The cases that gave no output, if there are any."""
    return Unanswered(report.failed, len(report.outcomes)) if report.failed else None


def unjudged(report: Report) -> Unjudged | None:
    """The cases in which the judge failed, if there are any."""
    failed = report.judging.failed if report.judging else 0
    return Unjudged(failed, len(report.outcomes)) if failed else None


def broken(report: Report, *, under: Mapping[str, float], over: Mapping[str, float]) -> list[Broken]:
    """The bounds that the report does not keep, those from below first."""
    asked: list[tuple[Way, str, float]] = [
        *(("under", name, bound) for name, bound in under.items()),
        *(("over", name, bound) for name, bound in over.items()),
    ]
    found = [Broken(name, way, bound, mean(report.outcomes, name)) for way, name, bound in asked]
    return [one for one in found if not _kept(one)]


def _kept(asked: Broken) -> bool:
    if asked.mean is None:
        return False
    # The last digits of a mean say nothing: three times 0.7 has a mean of 0.7.
    reached = round(asked.mean, 12)
    return reached >= asked.bound if asked.way == "under" else reached <= asked.bound
