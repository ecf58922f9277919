"""Our verifier, and a judge where there is one, asked of the claims that people have judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from eval.agreement import Ruling, agreement
from eval.judging.judge import Judge
from eval.judging.measurement import Measurement, Rated
from eval.judging.pairs import Pair, Pairs
from eval.metrics import Metric
from rag.records import Verdict
from rag.verify import verify
from rag.written.replied import read_reply

Progress = Callable[[int, int], None]
"""Told how many pairs are done, and of how many."""


def measure(
    read: Pairs,
    judge: Judge | None = None,
    *,
    limit: int | None = None,
    jobs: int = 1,
    seed: int = 0,
    progress: Progress | None = None,
) -> Measurement:
    """Verification and a judge beside people, on the first ``limit`` pairs.

    Raises:
        ModelError: as ``judged``.
    """
    pairs = read.pairs[:limit]
    # First: where it fails, nothing else need have been done.
    by_judge = judged(judge, pairs, jobs, progress) if judge else None
    verdicts = [verified(pair) for pair in pairs]
    by_verifier = [verdict == "supported" for verdict in verdicts]
    return Measurement(
        pairs=len(pairs),
        supported=sum(pair.supported for pair in pairs),
        documents=len({pair.document for pair in pairs}),
        digest=read.digest,
        verifier=_rated("verifier", pairs, by_verifier, seed),
        shown=_rated("verifier, weak accepted", pairs, [verdict != "unsupported" for verdict in verdicts], seed),
        judge=_rated(judge.name, pairs, by_judge, seed) if judge and by_judge else None,
        between=_between(pairs, by_verifier, by_judge, seed) if by_judge else None,
    )


def verified(pair: Pair) -> Verdict:
    """What verification says of a claim: the worst verdict of its sentences, each held against all sources."""
    said = [sentence.text for sentence in read_reply(pair.claim)] or [pair.claim]
    verdicts = {verify(sentence, pair.sources).verdict for sentence in said}
    worst: tuple[Verdict, ...] = ("unsupported", "weak")
    return next((verdict for verdict in worst if verdict in verdicts), "supported")


def judged(judge: Judge, pairs: Sequence[Pair], jobs: int, progress: Progress | None = None) -> list[bool | None]:
    """What a judge says of each pair, ``jobs`` asked at a time; ``None`` where its reply held no verdict.

    Raises:
        ModelError: the model failed, or what it may cost is spent; pairs not yet begun are not asked.
    """
    with ThreadPoolExecutor(jobs, thread_name_prefix="judge") as pool:
        asked = [pool.submit(judge.supports, pair.claim, pair.sources) for pair in pairs]
        try:
            for done, future in enumerate(as_completed(asked), 1):
                future.result()
                if progress:
                    progress(done, len(asked))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    return [future.result() for future in asked]


def _rated(name: str, pairs: Sequence[Pair], verdicts: Sequence[bool | None], seed: int) -> Rated:
    rulings = [Ruling(pair.document, pair.supported, verdict) for pair, verdict in zip(pairs, verdicts, strict=True)]
    return Rated(name, agreement(rulings, positive=False, seed=seed))


def _between(pairs: Sequence[Pair], first: Sequence[bool], second: Sequence[bool | None], seed: int) -> Metric:
    rulings = [Ruling(pair.document, one, other) for pair, one, other in zip(pairs, first, second, strict=True)]
    return agreement(rulings, seed=seed).kappa
