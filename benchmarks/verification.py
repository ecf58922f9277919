"""How often verification is right on labelled claims: ``python -m benchmarks.verification --data FOLDER``.

FOLDER holds gzipped JSON Lines: summedits_dev, bump_dev, ragtruth_dev, wice_pairs_dev. Thresholds were chosen on the
half of the articles whose hash is even; the other half is printed unless ``--half`` says otherwise. A claim of
several sentences is unsupported when one of them is; a line that only announces it, "Here is a summary in 66 words:",
is left out, for people did not label it. "Hard checks" are those of numbers, dates, names and quotations. Intervals
are of 95 % and resample articles, for the claims on one fall together.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from eval.agreement import Agreement, Ruling, agreement
from eval.metrics import Metric
from rag.records import Problem
from rag.verify import Source, verify
from rag.written.replied import read_reply

HARD = ("number", "date", "name", "quotation")
_ANNOUNCEMENT = re.compile(
    r"(?:Sure|Certainly)[!.,]?|(?:\w+[!,.] )?Here(?: is|'s) .*\b(?:summary|answer)\b.*:", re.IGNORECASE
)
SUMMEDITS, RAGTRUTH = "summedits, all", "ragtruth, all"
WHOLE = {SUMMEDITS: "summedits", RAGTRUTH: "ragtruth"}
"""Sets of several parts, and what the parts' names begin with."""
HALVES = ("tuning", "held-out", "both")


@dataclass(frozen=True, slots=True)
class Bar:
    """In which measure others published what."""

    measure: str
    published: str


BARS = {
    SUMMEDITS: Bar(
        "balanced accuracy",
        "on its news, these are its other domains: people .900, GPT-4 .833, QAFactEval .744, SummaC .619",
    ),
    RAGTRUTH: Bar(
        "F1 of unsupported",
        "all its tasks, data-to-text among them: RAG-HAT .839, LettuceDetect .792, GPT-4-turbo .634, RAGAS .520",
    ),
    "ragtruth_summary": Bar("F1 of unsupported", "RAG-HAT .676, LettuceDetect .597, GPT-4-turbo .476, RAGAS .408"),
    "wice_oracle": Bar("accuracy", "T5-3B .88, GPT-4 .77"),
    "bump": Bar("balanced accuracy", "none published in this measure"),
}
"""What others published, in their measure, which ours is printed in beside it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about a document, and whether people found the document to support it."""

    suite: str
    id: str
    article: str
    document: str
    text: str
    supported: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    claim: Claim
    verdict: str
    problems: tuple[Problem, ...]

    @property
    def gated(self) -> bool:
        return any(problem.kind in HARD for problem in self.problems)


def main() -> int:
    """Read, verify, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the labelled claims")
    parser.add_argument("--limit", type=int, help="claims of each file, at most")
    parser.add_argument("--half", choices=HALVES, default="held-out", help="which half of the articles")
    parser.add_argument("--show", choices=["false-rejections", "misses"], help="print these claims too")
    options = parser.parse_args()
    claims = [
        claim for claim in _claims(options.data, options.limit) if options.half in ("both", _half(claim.article))
    ]
    if not claims:
        print(f"No claims found in {options.data}.", file=sys.stderr)
        return 1
    start = time.perf_counter()
    outcomes = [_outcome(claim) for claim in claims]
    seconds = time.perf_counter() - start
    _table(outcomes)
    _beside(outcomes)
    print(f"\n{len(claims)} claims ({options.half}) in {seconds:.1f} s")
    if options.show:
        _show(outcomes, rejected=options.show == "false-rejections")
    return 0


def _half(article: str) -> str:
    return HALVES[hashlib.sha256(article.encode()).digest()[0] % 2]


def _rows(path: Path, limit: int | None) -> Iterator[dict[str, str]]:
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            yield json.loads(line)


def _claims(folder: Path, limit: int | None) -> Iterator[Claim]:
    """The claims of every file; WiCE's "partial" counts as unsupported, for something in it is."""
    for row in _rows(folder / "bump_dev.jsonl.gz", limit):
        article = f"bump-{row['article_id']}"
        yield Claim("bump", f"{row['id']}+", article, row["source"], row["claim_good"], True)
        yield Claim("bump", f"{row['id']}-", article, row["source"], row["claim_bad"], False)
    for name in ("summedits_dev", "ragtruth_dev", "wice_pairs_dev"):
        for row in _rows(folder / f"{name}.jsonl.gz", limit):
            article = str(row.get("source_id") or row.get("claim_id") or row["id"].rsplit("_", 1)[0])
            supported = row["label"] == "supported"
            yield Claim(row["dataset"], row["id"], article, row["source"], row["claim"], supported)


def _outcome(claim: Claim) -> Outcome:
    sources = [Source(claim.document)]
    said = [sentence.text for sentence in read_reply(claim.text)]
    checks = [verify(sentence, sources) for sentence in said if not _ANNOUNCEMENT.fullmatch(sentence)]
    verdicts = {check.verdict for check in checks}
    verdict = next((worst for worst in ("unsupported", "weak") if worst in verdicts), "supported")
    return Outcome(claim, verdict, tuple(problem for check in checks for problem in check.problems))


@dataclass(frozen=True, slots=True)
class _Counts:
    """Claims by whether people found them supported and whether they were rejected."""

    true: int
    true_rejected: int
    false: int
    false_rejected: int

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], rejected: Callable[[Outcome], bool]) -> Self:
        true = [rejected(outcome) for outcome in outcomes if outcome.claim.supported]
        false = [rejected(outcome) for outcome in outcomes if not outcome.claim.supported]
        return cls(len(true), sum(true), len(false), sum(false))

    @property
    def falsely(self) -> float:
        return self.true_rejected / max(1, self.true)

    @property
    def precision(self) -> float:
        return self.false_rejected / max(1, self.true_rejected + self.false_rejected)

    @property
    def recall(self) -> float:
        return self.false_rejected / max(1, self.false)


def _table(outcomes: Sequence[Outcome]) -> None:
    print(f"{'':24} {'':>6} {'':>5}   {'hard checks':>19}   {'verdict, unsupported':>20}")
    print(f"{'suite':24} {'claims':>6} {'true':>5}   {'falsely':>7} {'prec':>5} {'rec':>5}", end="   ")
    print(f"{'falsely':>7} {'prec':>5} {'rec':>5} {'balanced accuracy':>19} {'weak':>5}")
    for name, group in _groups(outcomes):
        hard, verdict = _Counts.of(group, _gated), _Counts.of(group, _unsupported)
        weak = sum(outcome.verdict == "weak" for outcome in group) / len(group)
        print(f"{name:24} {len(group):6} {verdict.true:5}", end="   ")
        print(f"{hard.falsely:7.1%} {hard.precision:5.2f} {hard.recall:5.2f}", end="   ")
        print(f"{verdict.falsely:7.1%} {verdict.precision:5.2f} {verdict.recall:5.2f}", end=" ")
        print(f"{_spanned(_agreement(group).balanced_accuracy)} {weak:5.0%}")


def _beside(outcomes: Sequence[Outcome]) -> None:
    """Ours in the measure of the published bars, with its interval, and those."""
    print(f"\n{'suite':24} {'claims':>6}  {'measure':17}  {'ours (95 %)':18}  published")
    for name, group in _groups(outcomes):
        if bar := BARS.get(name):
            print(f"{name:24} {len(group):6}  {bar.measure:17}  {_spanned(_in(bar, group))}  {bar.published}")


def _in(bar: Bar, outcomes: Sequence[Outcome]) -> Metric:
    found = _agreement(outcomes)
    ours = {"balanced accuracy": found.balanced_accuracy, "F1 of unsupported": found.f1, "accuracy": found.accuracy}
    return ours[bar.measure]


def _agreement(outcomes: Sequence[Outcome]) -> Agreement:
    """The verdict beside people's, as they are counted by others: only "unsupported" rejects."""
    rulings = [
        Ruling(outcome.claim.article, outcome.claim.supported, not _unsupported(outcome)) for outcome in outcomes
    ]
    return agreement(rulings, positive=False)


def _spanned(metric: Metric) -> str:
    if metric.mean is None or metric.low is None:
        return f"{'–':19}"
    return f"{metric.mean:.3f} ({metric.low:.3f}-{metric.high:.3f})"


def _groups(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, Sequence[Outcome]]]:
    for suite in sorted({outcome.claim.suite for outcome in outcomes}):
        yield suite, [outcome for outcome in outcomes if outcome.claim.suite == suite]
    for whole, beginning in WHOLE.items():
        if parts := [outcome for outcome in outcomes if outcome.claim.suite.startswith(beginning)]:
            yield whole, parts
    yield "everything", outcomes


def _gated(outcome: Outcome) -> bool:
    return outcome.gated


def _unsupported(outcome: Outcome) -> bool:
    return outcome.verdict == "unsupported"


def _show(outcomes: list[Outcome], *, rejected: bool) -> None:
    """Print the true claims that were rejected, or the false ones that were not."""
    for outcome in outcomes:
        if outcome.claim.supported is rejected and (outcome.verdict == "unsupported") is rejected:
            faults = "; ".join(f"{problem.kind}: {problem.found}" for problem in outcome.problems)
            print(f"\n{outcome.claim.id} [{faults}]\n  {outcome.claim.text}")


if __name__ == "__main__":
    sys.exit(main())
