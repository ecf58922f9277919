"""The plots of a report, drawn in the style sheet's colours so that they fit a light and a dark page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import Metric
from eval.reports.columns import number
from eval.reports.svg import WIDTH, box, clipped, dot, drawing, label, line, path

BINS = 10
_LEFT, _RIGHT = 118, WIDTH - 52
"""Where the scale of a panel by tag begins and ends, between names and figures."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One run in a plot of several."""

    x: float
    y: float
    tells: str
    now: bool = False
    """Whether it is the run that the report is of."""
    other: bool = False
    """Whether it is of another state of the suite."""
    number: int = 0
    """By which a list beside the plot names it."""


def interval(metric: Metric, nulls: Mapping[str, float], *, low: float = 0.0, high: float = 1.0) -> str:
    """A mean with its interval on a scale, and a tick below for every null system's mean."""
    if metric.mean is None:
        return ""
    width, middle = 160, 9
    told = f"{number(metric.mean)}{_between(metric)}"
    if nulls:
        told += "; null systems: " + ", ".join(f"{name} {number(mean)}" for name, mean in nulls.items())

    def at(value: float) -> float:
        return 5 + (width - 10) * (min(max(value, low), high) - low) / (high - low)

    shapes = line(at(low), middle, at(high), middle, "axis")
    shapes += "".join(line(at(end), middle - 3, at(end), middle + 3, "axis") for end in (low, high))
    if low < 0 < high:
        shapes += line(at(0), 0, at(0), 18, "zero")
    shapes += "".join(line(at(mean), 13, at(mean), 18, "null") for mean in nulls.values())
    if metric.low is not None and metric.high is not None:
        shapes += box(at(metric.low), middle - 3, max(at(metric.high) - at(metric.low), 1), 6, "span")
    return drawing("interval", width, 18, told, shapes + dot(at(metric.mean), middle, "mean"))


def yes_no(values: Sequence[float], unscored: int, *, more_is_better: bool = True) -> str:
    """How many cases have it, have it not, and could not be scored, as one bar."""
    yes = sum(value > 0 for value in values)
    parts = (("good" if more_is_better else "poor", yes), ("poor" if more_is_better else "good", len(values) - yes))
    total, x, shapes = max(len(values) + unscored, 1), 0.0, ""
    for style, count in (*parts, ("unscored", unscored)):
        width = WIDTH * count / total
        shapes += box(x + 0.5, 1, width - 1, 12, style) if count else ""
        x += width
    return drawing("bar", WIDTH, 14, f"{yes} yes, {len(values) - yes} no, {unscored} not scored", shapes)


def histogram(values: Sequence[float], *, share: bool = True) -> str:
    """How many cases have a value in each tenth of the scale, which ends at 1 or at the greatest value."""
    top = 1.0 if share else max([*values, 0.0]) or 1.0
    counts = [0] * BINS
    for value in values:
        counts[min(int(value / top * BINS), BINS - 1)] += 1
    floor, height, wide = 92, 72, (WIDTH - 8) / BINS
    most, shapes = max(counts) or 1, line(4, floor, WIDTH - 4, floor, "axis")
    for place, count in enumerate(counts):
        if count:
            tall, x = height * count / most, 4 + place * wide
            shapes += box(x + 1, floor - tall, wide - 2, tall, "good")
            shapes += label(x + wide / 2, floor - tall - 4, str(count), anchor="middle")
    for share_of, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        shapes += label(4 + share_of * (WIDTH - 8), floor + 15, f"{share_of * top:.3g}", anchor=anchor)
    edges = ((place * top / BINS, (place + 1) * top / BINS, count) for place, count in enumerate(counts) if count)
    told = ", ".join(f"{count} from {start:.3g} to {end:.3g}" for start, end, count in edges)
    return drawing("plot", WIDTH, 112, f"Cases: {told or 'none'}", shapes)


def by_name(rows: Sequence[tuple[str, Metric]]) -> str:
    """A mean with its interval for each name, one below the other, all on the scale from 0 to 1."""
    tall, told = 20, []

    def at(share: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)

    bottom = tall * len(rows) + 4
    shapes = "".join(line(at(x), 2, at(x), bottom, "grid") for x in (0, 0.25, 0.5, 0.75, 1))
    for place, (name, metric) in enumerate(rows):
        middle = place * tall + tall / 2
        shapes += clipped(0, middle - 9, _LEFT - 8, 18, name)
        if metric.mean is None:
            continue
        if metric.low is not None and metric.high is not None:
            shapes += line(at(metric.low), middle, at(metric.high), middle, "whisker")
        shapes += dot(at(metric.mean), middle, "mean", f"{name}: {number(metric.mean)}{_between(metric)}")
        shapes += label(WIDTH, middle + 4, f"{metric.mean:.2f}", anchor="end", style="figure")
        told.append(f"{name} {number(metric.mean)} of {metric.scored}")
    shapes += "".join(label(at(x), bottom + 13, f"{x:g}", anchor="middle") for x in (0, 0.5, 1))
    return drawing("plot", WIDTH, bottom + 18, "; ".join(told), shapes)


def over(marks: Sequence[Mark], *, first: str, last: str) -> str:
    """Shares from 0 to 1 from the first run to the last, joined; every run has the same room."""
    left, right, top, floor = 30, WIDTH - 10, 10, 100
    count = max(len(marks) - 1, 1)
    points = [
        (left + 6 + (right - left - 12) * place / count, floor - (floor - top) * mark.y)
        for place, mark in enumerate(marks)
    ]
    shapes = _scale(left, right, top, floor) + path(points, "trend")
    shapes += "".join(dot(x, y, _style(mark), mark.tells) for (x, y), mark in zip(points, marks, strict=True))
    shapes += label(left, floor + 16, first) + label(right, floor + 16, last, anchor="end")
    return drawing("plot", WIDTH, 122, "; ".join(mark.tells for mark in marks), shapes)


def against(marks: Sequence[Mark], *, axis: str) -> str:
    """Shares from 0 to 1, upwards, against what each run took, from 0 to the most, to the right; numbered."""
    left, right, top, floor = 30, WIDTH - 14, 10, 120
    most = max([mark.x for mark in marks] + [0.0]) or 1.0
    shapes = _scale(left, right, top, floor)
    for mark in marks:
        x, y = left + (right - left) * mark.x / most, floor - (floor - top) * mark.y
        side = -1 if x > WIDTH / 2 else 1
        shapes += dot(x, y, _style(mark), mark.tells, 5)
        shapes += label(x + 9 * side, y + 4, str(mark.number), anchor="start" if side > 0 else "end", style="figure")
    shapes += label(left, floor + 16, "0") + label(right, floor + 16, f"{most:.3g} {axis}", anchor="end")
    return drawing("plot", WIDTH, 142, "; ".join(mark.tells for mark in marks), shapes)


def _scale(left: float, right: float, top: float, floor: float) -> str:
    """The lines of 0, a half and 1, with their figures."""
    heights = ((share, floor - (floor - top) * share) for share in (0, 0.5, 1))
    return "".join(
        line(left, y, right, y, "grid") + label(left - 6, y + 4, f"{share:g}", anchor="end") for share, y in heights
    )


def _style(mark: Mark) -> str:
    return "now" if mark.now else "other" if mark.other else "mean"


def _between(metric: Metric) -> str:
    return "" if metric.low is None else f", between {number(metric.low)} and {number(metric.high)}"
