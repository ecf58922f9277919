"""How well evidence is found and refused: the right sentence first, and "none" where the articles say nothing.

    python -m benchmarks.evidence --data FOLDER

FOLDER holds squad2_paragraphs, squad2_questions, time_articles, news_articles_2023 and news_questions_2023 as gzipped
JSON lines. The reader was trained on other subjects. The weights and thresholds of rag/evidence.py and rag/topic.py
are fitted here on two subjects at a time, with two thirds of the news, and judged on the third; those fitted on all
are printed, to be put there. The plain path does without the reader.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.asked import FOLDS, Asked, asked
from benchmarks.fitting import auc, pick, tell
from rag import evidence, topic
from rag.evidence import READ, WORDS, Model

OWN, AWAY = "paragraphs", "paragraphs to TIME"
OFF_TOPIC = 0.04
"""Part of the questions about what is there that may be refused as being about nothing there."""
UNANSWERED = 0.01
"""Part of them whose best sentence may fall below what is enough."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that is fitted."""

    evidence: Model
    topic: Model
    off_topic: float
    """The topic's probability from which on a question is on the topic."""
    enough: float
    """The probability from which on a sentence is enough."""

    def topics(self, some: Sequence[Asked]) -> np.ndarray:
        """How likely each archive is about the question; 0 where it is refused for a name."""
        rows = np.array([one.on_topic(self.evidence) for one in some])
        found = 1 / (1 + np.exp(-(rows @ np.array(self.topic.weights) + self.topic.bias)))
        return np.where([one.unknown for one in some], 0.0, found)

    def best(self, some: Sequence[Asked]) -> np.ndarray:
        return np.array([one.best(self.evidence) for one in some])

    def refused(self, some: Sequence[Asked]) -> np.ndarray:
        return (self.topics(some) < self.off_topic) | (self.best(some) < self.enough)


def fitted(some: Sequence[Asked], used: Sequence[int]) -> Fitted:
    """Models on the features ``used``."""
    chosen = [one for one in some if one.kind in (OWN, AWAY)]
    model = pick([one.rows for one in chosen], [one.holds for one in chosen], used)
    telling = [one for one in some if one.answerable or not one.about]
    about = np.array([one.about for one in telling])
    kinds = np.array([one.kind for one in telling])
    weight = np.array([1 / ((kinds == one.kind).sum() * len(set(kinds[about == one.about]))) for one in telling])
    of_topic = tell(np.array([one.on_topic(model) for one in telling]), about, weight)
    found = Fitted(model, of_topic, 0.0, 0.0)
    answerable = [one for one in some if one.kind == OWN and one.answerable]
    return Fitted(
        model,
        of_topic,
        float(np.quantile(found.topics(answerable), OFF_TOPIC)),
        float(np.quantile([one.scores(model).max(initial=0.0) for one in answerable], UNANSWERED)),
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way of weighing comes to, on what it was not fitted on."""

    first: float
    three: float
    """Of the answerable questions those whose first sentence, or one of the first three, holds an answer."""
    first_strictly: float
    three_strictly: float
    """The same where it must stand in the paragraph that the question was made of."""
    auc: float
    foreign: float
    """Questions about nothing in the archive that are refused where 5 % of the answerable ones are."""
    refused: dict[str, float]
    """Of each kind the part refused, at thresholds fitted as the models were."""


def judged(some: Sequence[Asked], used: Sequence[int]) -> tuple[Figures, dict[str, Figures]]:
    """Every third judged by what was fitted on the others: all together, and each subject of the paragraphs."""
    models = [fitted([one for one in some if one.fold != fold], used) for fold in range(FOLDS)]
    subjects = list(dict.fromkeys(one.subject for one in some if one.kind == OWN))
    return _figures(some, models), {
        subject: _figures([one for one in some if one.subject == subject], models) for subject in subjects
    }


def _figures(some: Sequence[Asked], models: Sequence[Fitted]) -> Figures:
    own = [one for one in some if one.kind == OWN]
    answerable = [one for one in own if one.answerable]
    silent = [one for one in own if not one.answerable]
    away = [one for one in some if one.kind == AWAY]

    def share(count: int, *, strictly: bool) -> float:
        found = []
        for one in answerable:
            order = np.argsort(-one.scores(models[one.fold].evidence), kind="stable")[:count]
            found.append((one.holds if strictly else one.says)[order].any())
        return float(np.mean(found))

    def all_of(group: Sequence[Asked], measure: str) -> np.ndarray:
        return np.array([getattr(models[one.fold], measure)([one])[0] for one in group])

    kinds = dict.fromkeys(f"{one.kind}, {_nature(one)}" for one in some)
    return Figures(
        share(1, strictly=False),
        share(3, strictly=False),
        share(1, strictly=True),
        share(3, strictly=True),
        auc(all_of(answerable, "best").tolist(), all_of(silent, "best").tolist()),
        float((all_of(away, "topics") < np.quantile(all_of(answerable, "topics"), 0.05)).mean()),
        {
            kind: float(all_of([one for one in some if f"{one.kind}, {_nature(one)}" == kind], "refused").mean())
            for kind in kinds
        },
    )


def _nature(one: Asked) -> str:
    return "answerable" if one.answerable else "unanswerable" if one.about else "about nothing there"


def measured(data: Path) -> list[Asked]:
    with tempfile.TemporaryDirectory() as folder:
        return list(asked(data, Path(folder)))


def show(name: str, figures: Figures) -> None:
    print(
        f"{name:28} first {figures.first:.3f} three {figures.three:.3f}"
        f" (in its paragraph {figures.first_strictly:.3f} {figures.three_strictly:.3f})"
        f"  AUC {figures.auc:.3f}  about nothing there refused at 5 %: {figures.foreign:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    some = measured(parser.parse_args().data)
    count = len(evidence.FEATURES)
    for name, used in {"with the reader": range(count), "plain path": range(2, count)}.items():
        figures, subjects = judged(some, used)
        show(name, figures)
        for subject, of_it in subjects.items():
            show(f"  {subject}", of_it)
        for kind, refused in figures.refused.items():
            print(f"  refused of {kind:42} {refused:.3f}")
    print("\nFitted on all, and as shipped:")
    found = fitted(some, range(count))
    words = fitted(some, range(3, count))
    for name, now, shipped in (
        ("evidence.READ", found.evidence, READ),
        ("evidence.WORDS", words.evidence, WORDS),
        ("topic.FITTED", found.topic, topic.FITTED),
        ("topic.ENOUGH", round(found.off_topic, 3), topic.ENOUGH),
        ("evidence.ENOUGH", round(found.enough, 3), evidence.ENOUGH),
        ("  by words", round(words.enough, 3), evidence.ENOUGH),
    ):
        print(f"  {name:16} {now}\n  {'':16} {shipped}")


if __name__ == "__main__":
    main()
