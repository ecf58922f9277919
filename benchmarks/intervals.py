"""How often the 95 % interval of a mean holds the truth, on simulated suites whose truth is known.

    python -m benchmarks.intervals [--suites N] [--every]

A suite has 30, 150 or 500 cases on 8 to 500 articles, most of them few cases, some many. Values are yes or no with
chances of 0.5 to 0.99, shares (mostly near 0 or 1, or near their mean), or differences of two systems on the same
cases. Cases on one article are alike: with a chance that is the square root of the correlation wanted, a case takes
its article's value rather than one of its own. Beside ours stands the plain percentile bootstrap.

Each row sums up the settings of one kind; ``--every`` prints each setting. "Under" is the share of settings in which
fewer than 93 % of the suites' intervals hold the truth, "over" that in which more than 97 % do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from eval.metrics import DIFFERENCE, SHARE, TAIL, Array, Bounds, Observation, by_cluster, estimate, resample

SHAPES = ((30, 8), (30, 24), (30, 30), (150, 24), (150, 60), (150, 150), (500, 60), (500, 500))
"""Cases and articles."""
CORRELATIONS = (0.0, 0.2, 0.5)

Draw = Callable[[np.random.Generator, int], Array]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a measure's values are drawn from."""

    kind: str
    mean: float
    draw: Draw
    within: Bounds = SHARE


@dataclass(frozen=True, slots=True)
class Setting:
    """A truth, and the suites it is seen through."""

    truth: Truth
    cases: int
    articles: int
    correlation: float


@dataclass(frozen=True, slots=True)
class Held:
    """How often an interval held the truth in a setting, and how wide it was on average."""

    ours: float
    plain: float
    width: float
    plain_width: float


def main() -> None:
    """Simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suites", type=int, default=1000, help="of each setting")
    parser.add_argument("--every", action="store_true", help="print each setting too")
    options = parser.parse_args()
    print(f"{'':14}{'settings':>9}   {'ours':31}{'plain percentile bootstrap':31}")
    print(f"{'':14}{'':>9}  {2 * '   mean  least  under   over  width'}")
    for kind, settings in groupby(every_setting(), key=lambda setting: setting.truth.kind):
        found = [(setting, held(setting, options.suites)) for setting in settings]
        if options.every:
            for setting, got in found:
                shape = f"{setting.cases:4} cases {setting.articles:4} articles, {setting.correlation} alike"
                print(f"  {kind} {setting.truth.mean:5.2f} {shape}  ours {got.ours:.3f}  plain {got.plain:.3f}")
        ours = _summary([got.ours for _, got in found], [got.width for _, got in found])
        plain = _summary([got.plain for _, got in found], [got.plain_width for _, got in found])
        print(f"{kind:14}{len(found):9}  {ours}{plain}", flush=True)


def every_setting() -> Iterator[Setting]:
    """The whole grid, kind by kind."""
    for truth in _truths():
        for cases, articles in SHAPES:
            for correlation in CORRELATIONS if articles < cases else (0.0,):
                yield Setting(truth, cases, articles, correlation)


def yes_no(chance: float) -> Truth:
    """1 with a chance, else 0."""
    return Truth("yes/no", chance, lambda rng, count: (rng.random(count) < chance).astype(float))


def beta(kind: str, mean: float, weight: float) -> Truth:
    """A share, the nearer to its mean the greater the weight."""
    return Truth(kind, mean, lambda rng, count: rng.beta(mean * weight, (1 - mean) * weight, count))


def flips(gained: float, lost: float) -> Truth:
    """The difference of two yes/no values: +1 and -1 with these chances."""

    def draw(rng: np.random.Generator, count: int) -> Array:
        chance = rng.random(count)
        return (chance < gained).astype(float) - (chance > 1 - lost)

    return Truth("flips", gained - lost, draw, DIFFERENCE)


def moves(before: float, after: float) -> Truth:
    """The difference of two shares, of which every other does not move."""

    def draw(rng: np.random.Generator, count: int) -> Array:
        first, second = (rng.beta(2 * mean, 2 * (1 - mean), count) for mean in (before, after))
        return np.where(rng.random(count) < 0.5, 0, second - first)

    return Truth("moves", (after - before) / 2, draw, DIFFERENCE)


def held(setting: Setting, suites: int, seed: int = 0) -> Held:
    """Our interval and the plain one on simulated suites."""
    rng = np.random.default_rng(seed)
    truth, ours, plain = setting.truth, [], []
    for _ in range(suites):
        suite = simulated(setting, rng)
        metric = estimate(suite, within=truth.within)
        ours.append((metric.low, metric.high))
        plain.append(plain_interval(suite))
    (held_by_ours, width), (held_by_plain, plain_width) = (_rates(each, truth.mean) for each in (ours, plain))
    return Held(held_by_ours, held_by_plain, width, plain_width)


def simulated(setting: Setting, rng: np.random.Generator) -> list[Observation]:
    """One suite."""
    sizes = _sizes(setting.cases, setting.articles, rng)
    article = np.repeat(np.arange(setting.articles), sizes)
    own, shared = setting.truth.draw(rng, setting.cases), setting.truth.draw(rng, setting.articles)[article]
    values = np.where(rng.random(setting.cases) < setting.correlation**0.5, shared, own)
    return [Observation(str(at), float(value)) for at, value in zip(article, values, strict=True)]


def plain_interval(suite: list[Observation]) -> Bounds:
    """What the percentile bootstrap by cluster gives, with nothing added."""
    totals = resample(np.array([(sum(values), len(values)) for values in by_cluster(suite)], dtype=float), 0)
    low, high = np.quantile(totals[:, 0] / totals[:, 1], (TAIL, 1 - TAIL))
    return float(low), float(high)


def _truths() -> Iterator[Truth]:
    yield from map(yes_no, (0.5, 0.7, 0.9, 0.97, 0.99))
    yield from (beta("share, spread", mean, 2) for mean in (0.5, 0.9, 0.97))
    yield from (beta("share, peaked", mean, 10) for mean in (0.7, 0.97))
    yield from (flips(*chances) for chances in ((0.05, 0.05), (0.15, 0.05), (0.01, 0.01), (0.3, 0.1), (0.1, 0.0)))
    yield from (moves(0.7, after) for after in (0.7, 0.9))


def _sizes(cases: int, articles: int, rng: np.random.Generator) -> np.ndarray:
    weights = rng.gamma(1.0, size=articles)
    return 1 + rng.multinomial(cases - articles, weights / weights.sum())


def _rates(intervals: list[Bounds], truth: float) -> tuple[float, float]:
    low, high = np.array(intervals).T
    # A bound is a quotient: it may miss a truth it equals by the last digit.
    return float(((low <= truth + 1e-9) & (truth <= high + 1e-9)).mean()), float((high - low).mean())


def _summary(rates: list[float], widths: list[float]) -> str:
    found = np.array(rates)
    under, over = (found < 0.93).mean(), (found > 0.97).mean()
    return f"{found.mean():7.3f}{found.min():7.3f}{under:7.2f}{over:7.2f}{np.mean(widths):7.3f}"


if __name__ == "__main__":
    main()
