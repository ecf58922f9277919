"""Whether the articles are about what a question is about at all, told before asking whether they answer it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean

from rag import scripts
from rag.evidence import ABOUT, FEATURES, Evidence, Model, Sentence
from rag.question import Question

DEEP = 10
"""Hits that are compared."""
USUAL = 0.09
"""How far a hit's score usually lies behind the best one's: said of those that a small archive does not have."""
LEAST = 1e-6

FITTED = Model((20.523, 13.61, 0.562, 0.732), -4.068)
"""Fitted by benchmarks/evidence.py on questions about what archives hold and on the same put to other archives."""
ENOUGH = 0.126
"""What is less likely to be on the topic is not."""


def held(asked: Question, sentences: Sequence[Sentence], weighed: Sequence[Evidence]) -> bool:
    """Whether the sentences found, and weighed, are on the question's topic; elsewhere than in English by words.

    Those not compared with it in meaning count as quite unlike it: held with them so, it is held with all compared.
    """
    if not scripts.is_english(asked.text):
        return any(_feature(one, "coverage around") >= ABOUT for one in weighed)
    return bool(weighed) and FITTED.probability(features(sentences, weighed)) >= ENOUGH


def features(sentences: Sequence[Sentence], weighed: Sequence[Evidence]) -> tuple[float, ...]:
    """How the best hit stands out, how like the question all sentences are, the most words held, the best odds."""
    best = min(max(weighed[0].score, LEAST), 1 - LEAST)
    return (
        _standing_out(sentences),
        fmean(_feature(one, "likeness with title") for one in weighed),
        max(_feature(one, "coverage around") for one in weighed),
        math.log(best / (1 - best)),
    )


def _standing_out(sentences: Sequence[Sentence]) -> float:
    """How far the other hits lie behind the best one: many are alike where none is meant."""
    scores = sorted({one.hit.passage_id: one.hit.score for one in sentences}.values(), reverse=True)[:DEEP]
    behind = [scores[0] - score for score in scores]
    return (math.fsum(behind) + USUAL * (DEEP - len(scores))) / DEEP


def _feature(one: Evidence, name: str) -> float:
    return one.features[FEATURES.index(name)]
