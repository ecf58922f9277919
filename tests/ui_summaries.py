"""Summaries made by hand, one of each form that has headings, for the tests of what shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Event

from ui_records import AS_OF, COPY, GIFTS, PLANT, TOUR, TRAIN, Shelf, cite, september

from rag.errors import UsageError
from rag.records import Problem, Statement
from rag.summary import Coverage, Extent, Length, Plan, Point, Progress, Section, Summary, Unused, Watch

RIFLE = "Each gave a rifle."
JETS = "It builds jets."
_start = TOUR.text.index(JETS)
SUMMARY = Summary(
    "extractive",
    AS_OF,
    september(16),
    statements=(
        Statement(PLANT, (1,), "supported"),
        Statement(TRAIN, (2,), "supported"),
        Statement("Both gave rifles.", (3,), "weak", (Problem("wording", "Both", "“Both” is “Each” there"),)),
    ),
    rejected=(Statement("Kim bought 12.", (3,), "unsupported", (Problem("number", "12", "no 12 there"),)),),
    citations=(cite(1, TOUR, PLANT, also=("copy",)), cite(2, TOUR, TRAIN), cite(3, GIFTS, RIFLE)),
    used=("tour", "gifts"),
    unused=(Unused("copy", COPY.title, "carries the same report as 'tour'"),),
    extent=Extent(Length(words=15), 3, 15),
    coverage=Coverage(2, 2, 4, 3, 0.81, (Point("tour", 1, TOUR.title, _start, _start + len(JETS), JETS),)),
)
"""A paragraph."""
BULLETS = replace(SUMMARY, style="bullets")
TIMELINE = replace(
    SUMMARY,
    style="timeline",
    sections=(
        Section("14 September 2023", (2,), date(2023, 9, 14), date(2023, 9, 14)),
        Section("15 September 2023", (0, 1), date(2023, 9, 15), date(2023, 9, 15)),
    ),
)
DIGEST = replace(
    SUMMARY,
    style="digest",
    sections=(
        Section(TOUR.title, (0, 1), articles=("tour", "copy"), outlets=("Amur Courier", "Northern Post")),
        Section(GIFTS.title, (2,), articles=("gifts",), outlets=("Pacific Wire",)),
    ),
)
DIFFERENCES = replace(
    SUMMARY,
    style="differences",
    sections=(
        Section("What was given", (0, 2), outlets=("Amur Courier", "Pacific Wire")),
        Section("When it left", (1,), outlets=("Amur Courier",)),
    ),
)
ALL = {one.style: one for one in (SUMMARY, BULLETS, TIMELINE, DIGEST, DIFFERENCES)}
PLAN = Plan(articles=3, calls=2, input_tokens=4_000, output_tokens=500, cost=0.0125)


class Desk(Shelf):
    """Stands in for an archive: it summarises anything as above, in the form asked for, and remembers what was asked."""

    def outlets(self) -> list[str]:
        return sorted({one.source for one in self.articles() if one.source})

    def summarize(
        self, *, model: str | None = None, progress: Watch, style: str = "paragraph", **asked: object
    ) -> Summary:
        self.asked.append((style, tuple(asked.items())))
        if asked.get("query") == "fail":
            raise UsageError("The period ends before it starts.\nSwap them.")
        if asked.get("query") == "break":
            raise ZeroDivisionError
        if asked.get("query") == "wait":
            progress(Progress(PLAN, 0))
            Event().wait()
        if model:
            progress(Progress(PLAN, 0))
            progress(Progress(PLAN, 1))
        return ALL.get(style, SUMMARY)
