"""How often verification is right on labelled claims: ``python benchmarks/verification.py --data FOLDER``.

FOLDER holds gzipped JSON Lines: summedits_dev, bump_dev, ragtruth_dev, wice_pairs_dev. Thresholds were chosen on the
half of the articles whose hash is even; the other half is printed unless ``--half`` says otherwise. A claim of
several sentences is unsupported when one of them is. "Gates" is what numbers, dates, names and quotations decide.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.records import Problem
from rag.replied import read_reply
from rag.verify import Source, verify

HARD = ("number", "date", "name", "quotation")
HALVES = ("tuning", "held-out", "both")


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
    checks = [verify(sentence.text, sources) for sentence in read_reply(claim.text)]
    verdicts = {check.verdict for check in checks}
    verdict = next((worst for worst in ("unsupported", "weak") if worst in verdicts), "supported")
    return Outcome(claim, verdict, tuple(problem for check in checks for problem in check.problems))


def _table(outcomes: list[Outcome]) -> None:
    print(
        f"{'suite':24} {'claims':>6} {'true':>5}   {'gates: falsely':>14} {'prec':>5} {'rec':>5} {'bacc':>5}", end=""
    )
    print(f"   {'all: falsely':>14} {'prec':>5} {'rec':>5} {'bacc':>5}   {'weak':>5}")
    suites = sorted({outcome.claim.suite for outcome in outcomes})
    groups = [(suite, [outcome for outcome in outcomes if outcome.claim.suite == suite]) for suite in suites]
    whole = [outcome for outcome in outcomes if outcome.claim.suite.startswith("summedits")]
    for name, group in [*groups, *([("summedits, all", whole)] if whole else []), ("everything", outcomes)]:
        true = sum(outcome.claim.supported for outcome in group)
        weak = sum(outcome.verdict == "weak" for outcome in group) / len(group)
        print(f"{name:24} {len(group):6} {true:5}   ", end="")
        print(_figures(group, [outcome.gated for outcome in group]), end="   ")
        print(_figures(group, [outcome.verdict == "unsupported" for outcome in group]), f"  {weak:5.0%}")


def _figures(group: list[Outcome], rejected: list[bool]) -> str:
    """Share of true claims rejected, then precision, recall and balanced accuracy of "unsupported"."""
    pairs = [(outcome.claim.supported, flag) for outcome, flag in zip(group, rejected, strict=True)]
    true = [flag for supported, flag in pairs if supported]
    false = [flag for supported, flag in pairs if not supported]
    falsely = sum(true) / max(1, len(true))
    recall = sum(false) / max(1, len(false))
    precision = sum(false) / max(1, sum(rejected))
    return f"{falsely:14.1%} {precision:5.2f} {recall:5.2f} {(1 - falsely + recall) / 2:5.3f}"


def _show(outcomes: list[Outcome], *, rejected: bool) -> None:
    """Print the true claims that were rejected, or the false ones that were not."""
    for outcome in outcomes:
        if outcome.claim.supported is rejected and (outcome.verdict == "unsupported") is rejected:
            faults = "; ".join(f"{problem.kind}: {problem.found}" for problem in outcome.problems)
            print(f"\n{outcome.claim.id} [{faults}]\n  {outcome.claim.text}")


if __name__ == "__main__":
    sys.exit(main())
