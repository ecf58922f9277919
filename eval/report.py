"""What a run leaves behind: every output and score, what nothing but a trick would score, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum

from eval.cases import Case
from eval.measures import known
from eval.metrics import SHARE, Metric, Observation, estimate
from eval.provenance import Provenance
from eval.scores import Measure, Output, Score
from rag.records import Usage

OURS = "groundwire"
"""Our own system's name."""
UNNAMED = "unknown"
"""The model of an output that names none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: an output and its scores, or the error it failed with."""

    case: Case
    output: Output | None
    error: str | None
    scores: Mapping[str, Score]
    """By measure; those of a judge only where one was asked."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for."""

    system: str = OURS
    """What answered: ours, ``module:function``, or a file of outputs."""
    model: str | None = None
    """``None`` is the archive's own choice; what answered is in each output."""
    tags: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0
    judge: str | None = None


@dataclass(frozen=True, slots=True)
class Judging:
    """How a judge did in a run."""

    asked: int
    """Verdicts wanted on statements and answers; what citation precision wants besides is not counted."""
    unreadable: int
    """Replies that held no verdict; what they were about is not scored."""
    sensitivity: float | None = None
    """Share of supported pairs that it accepts, measured against people; ``None`` where it was not measured."""
    specificity: float | None = None
    """Share of unsupported pairs that it rejects."""
    sensitivity_low: float | None = None
    """Bounds of the 95 % intervals of both; ``None`` where they were measured on too few documents."""
    sensitivity_high: float | None = None
    specificity_low: float | None = None
    specificity_high: float | None = None
    failed: int = 0
    """Cases not judged, or not wholly, because the model could not be asked."""


@dataclass(frozen=True, slots=True)
class Report:
    """One run over a suite, complete enough to be scored again without it."""

    suite: str
    version: str
    digest: str
    settings: Settings
    provenance: Provenance
    outcomes: tuple[Outcome, ...]
    texts: Mapping[tuple[str, int], str]
    """The articles that were found or cited, by id and revision."""
    nulls: Mapping[str, Mapping[str, Metric]] = field(default_factory=dict)
    """Metrics of the null systems, by system and measure."""
    judging: Judging | None = None
    started: str | None = None
    """ISO time, UTC; hangs on the clock like ``seconds``."""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that gave no output."""
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)

    @property
    def measures(self) -> dict[str, Measure]:
        """What is scored in it, by name: a judge's measures only where one judged."""
        scored = {name for outcome in self.outcomes for name in outcome.scores}
        return {name: measure for name, measure in known().items() if name in scored}

    @property
    def models(self) -> list[str]:
        """Who wrote its outputs: the system, where it is another's, and the models that its outputs name."""
        named = sorted({outcome.output.model for outcome in self.outcomes if outcome.output})
        if self.settings.system == OURS:
            return named
        return [self.settings.system, *(name for name in named if name != UNNAMED)]


def metrics(report: Report, *, tag: str | None = None) -> dict[str, Metric]:
    """Every measure's metric over all cases, or over those with a tag."""
    return {name: metric_of(report, name, tag=tag) for name in report.measures}


def metric_of(report: Report, name: str, *, tag: str | None = None) -> Metric:
    """One measure's metric; that of a share lies between 0 and 1."""
    within = SHARE if known()[name].unit == "share" else None
    return estimate(observed(tagged(report, tag), name), seed=report.settings.seed, within=within)


def tagged(report: Report, tag: str | None) -> tuple[Outcome, ...]:
    """Its outcomes, or those of the cases that have a tag."""
    return tuple(outcome for outcome in report.outcomes if tag is None or tag in outcome.case.tags)


def observed(outcomes: Iterable[Outcome], name: str) -> list[Observation]:
    """What one measure saw of each case."""
    return [Observation(outcome.case.cluster, value(outcome, name)) for outcome in outcomes]


def value(outcome: Outcome, name: str) -> float | None:
    """What a measure gave a case; ``None`` where it could not be scored or was not."""
    return outcome.scores[name].value if name in outcome.scores else None


def values(outcomes: Iterable[Outcome], name: str) -> list[float]:
    """What a measure gave the cases that it could score."""
    return [found for outcome in outcomes if (found := value(outcome, name)) is not None]


def mean(outcomes: Iterable[Outcome], name: str) -> float | None:
    """The mean of a measure without its interval, which takes long; ``None`` where nothing was scored."""
    found = values(outcomes, name)
    return fsum(found) / len(found) if found else None


def usages(outcomes: Iterable[Outcome]) -> list[Usage]:
    """What models took for each case that one was asked for."""
    return [outcome.output.usage for outcome in outcomes if outcome.output and outcome.output.usage]


def cost(spent: Iterable[Usage]) -> float | None:
    """US dollars altogether; ``None`` where no model was asked, or a price is unknown."""
    found = [usage.cost for usage in spent]
    return None if not found or None in found else fsum(one for one in found if one is not None)


def tags(report: Report) -> list[str]:
    """All tags of its cases, sorted."""
    return sorted({tag for outcome in report.outcomes for tag in outcome.case.tags})


def beaten_by(report: Report, name: str, metric: Metric) -> list[str]:
    """The null systems that do as well or better on a measure, so that it says little by itself."""
    measure = report.measures[name]
    if metric.mean is None or measure.timed or measure.unit != "share":
        return []
    sign = 1 if measure.more_is_better else -1
    means = {system: reached[name].mean for system, reached in report.nulls.items() if name in reached}
    return [system for system, mean in means.items() if mean is not None and sign * mean >= sign * metric.mean]
