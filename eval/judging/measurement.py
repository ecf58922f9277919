"""How often verification and a judge were right beside people, kept in a file and read back from it."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.agreement import Agreement, Confusion
from eval.judging import prompts
from eval.metrics import Metric
from rag.errors import InputError, UsageError

Json = dict[str, Any]
FORMAT = 1
KIND = "groundwire eval judge"
RATES = frozenset(field.name for field in dataclasses.fields(Agreement)) - {"confusion", "unruled"}
_REMEDY = "give a file of eval judge --report"


@dataclass(frozen=True, slots=True)
class Rated:
    """Who ruled on the pairs, and how that agrees with people; precision, recall and F1 are of "unsupported"."""

    name: str
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Measurement:
    """What ``eval judge`` found on one file of pairs."""

    pairs: int
    supported: int
    """Pairs that people found supported."""
    documents: int
    digest: str
    """SHA-256 of the file."""
    verifier: Rated
    """Accepting what is "supported", as the measure ``grounded`` counts."""
    shown: Rated
    """Verification, accepting what is "weak" too, as answers show it."""
    judge: Rated | None = None
    """``None`` where no model was chosen; its name is the model's."""
    between: Metric | None = None
    """Cohen's kappa of ``verifier`` and ``judge``, on pairs where both gave a verdict."""
    prompts: int = prompts.VERSION

    def check(self, model: str) -> Rated:
        """How the judge ``model`` did. Raises UsageError where it was not this judge that was measured."""
        if self.judge is None:
            raise UsageError(f"No judge was measured in this file; measure it: eval judge PAIRS --model {model}.")
        if self.judge.name != model:
            raise UsageError(f"'{self.judge.name}' was measured, not '{model}'; measure it, or judge with the other.")
        if self.prompts != prompts.VERSION:
            raise UsageError(f"'{model}' was measured with other prompts than today's; measure it again.")
        return self.judge


def measurement_json(measurement: Measurement) -> Json:
    """What is written; equal measurements give equal bytes."""
    return {"format": FORMAT, "kind": KIND, **asdict(measurement)}


def read_measurement(path: str | Path) -> Measurement:
    """The measurement that ``eval judge --report`` wrote to a file.

    Raises:
        InputError: the file cannot be read, is of another kind, or of a newer version.
    """
    record = _record(Path(path))
    if record.get("kind") != KIND:
        raise InputError(f"{path}: no measurement of eval judge; {_REMEDY}.")
    if isinstance(record.get("format"), int) and record["format"] > FORMAT:
        raise InputError(f"{path}: written by a newer version (format {record['format']}); upgrade Groundwire.")
    try:
        fields = {name: value for name, value in record.items() if name not in ("format", "kind")}
        known: Json = {name: _rated(fields[name]) for name in ("verifier", "shown")}
        judge, between = fields["judge"], fields["between"]
        known["judge"] = None if judge is None else _rated(judge)
        known["between"] = None if between is None else _metric(between)
        return Measurement(**fields | known)
    except KeyError as error:
        raise InputError(f"{path}: {error} is missing; {_REMEDY}.") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: no measurement of eval judge ({error}); {_REMEDY}.") from None


def _record(path: Path) -> Json:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); {_REMEDY}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}); {_REMEDY}.") from None
    if not isinstance(record, dict):
        raise InputError(f"{path}: not a JSON object; {_REMEDY}.")
    return record


def _rated(record: Json) -> Rated:
    found = record["agreement"]
    fields = {name: _metric(found[name]) for name in RATES}
    counts = {name: _count(count) for name, count in found["confusion"].items()}
    agreement = Agreement(confusion=Confusion(**counts), unruled=_count(found["unruled"]), **fields)
    return Rated(str(record["name"]), agreement)


def _metric(record: Json) -> Metric:
    metric = Metric(**record)
    _count(metric.scored), _count(metric.unscored)
    for value in (metric.mean, metric.low, metric.high):
        if value is not None and not (isinstance(value, int | float) and math.isfinite(value) and -1 <= value <= 1):
            raise ValueError(f"a rate of {value!r}")
    return metric


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"a count of {value!r}")
    return value
