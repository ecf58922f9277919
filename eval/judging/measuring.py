"""Our verifier, and a judge where there is one, asked of the claims that people have judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from eval.judging.judge import Judge
from eval.judging.pairs import Pair
from rag.records import Verdict
from rag.verify import verify
from rag.written.replied import read_reply

Progress = Callable[[int, int], None]
"""Told how many pairs are done, and of how many."""


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
