"""How well evidence is found and refused: fits the weights of ``rag/evidence.py`` on one part, judges on another.

    python benchmarks/evidence.py --data FOLDER            # judge the weights in use
    python benchmarks/evidence.py --data FOLDER --fit      # fit new ones and print them

FOLDER holds squad2_paragraphs, squad2_questions and time_articles as gzipped JSON lines. Titles (subjects) are split
by a hash: no subject is in both parts.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag import evidence, question
from rag.embedder import open_embedder
from rag.folder import check_folder
from rag.records import Article, Filters
from rag.store import Store

Row = dict[str, Any]
BEGINNING = 5_000
"""Characters."""


@dataclass(frozen=True)
class Asked:
    """A question with the features of its candidate sentences and which of them hold an answer."""

    id: str
    part: str
    answerable: bool
    rows: np.ndarray
    scores: np.ndarray
    """As the product scores them, with the weights in use."""
    holds: np.ndarray


def load(folder: Path, name: str) -> list[Row]:
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def parts(titles: Sequence[str]) -> dict[str, str]:
    """Each title's part: in the order of their hashes, always into the part with fewer questions."""
    counts = Counter(titles)
    sizes = {"fit": 0, "judge": 0}
    part = {}
    for title in sorted(counts, key=lambda title: hashlib.sha256(title.encode()).hexdigest()):
        part[title] = min(sizes, key=lambda name: sizes[name])
        sizes[part[title]] += counts[title]
    return part


def fill(store: Store, articles: list[Row]) -> None:
    for row in articles:
        store.take(Article(id=row["id"], title=row["title"], text=row["text"]))


def measured(store: Store, rows: list[Row], titles: dict[str, str], k: int) -> Iterator[Asked]:
    part = parts([titles[row["relevant"][0]] for row in rows if row.get("relevant")]) | {"none": "none"}
    for row in rows:
        asked = question.read(row["question"])
        hits = store.search(row["question"], k, Filters())
        sentences = evidence.candidates(hits, store.catalogue.article)
        weighed = evidence.weigh(asked, sentences, rarity=store.rarity, embedder=store.embedder)
        relevant = set(row.get("relevant", ()))
        holds = [
            bool(row.get("answers"))
            and one.article.id in relevant
            and any(answer.lower() in one.quote.lower() for answer in row["answers"])
            for one in weighed
        ]
        title = titles[row["relevant"][0]] if row.get("relevant") else "none"
        scores = np.array([one.score for one in weighed])
        features = np.array([one.features for one in weighed])
        yield Asked(row["id"], part[title], bool(row["answerable"]), features, scores, np.array(holds, dtype=bool))


def fit(asked: list[Asked], ridge: float = 1e-3, steps: int = 1500, rate: float = 0.05) -> tuple[np.ndarray, float]:
    """A softmax over each question's sentences and "none of them", which always scores 0; by Adam, from zeros.

    One model so learns both which sentence answers and whether any does.
    """
    rows = np.concatenate([one.rows for one in asked])
    holds = np.concatenate([one.holds for one in asked])
    owner = np.repeat(np.arange(len(asked)), [len(one.rows) for one in asked])
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    weights = np.r_[np.zeros(rows.shape[1]), -2.0]
    slope, power = np.zeros_like(weights), np.zeros_like(weights)
    answered = np.bincount(owner, holds, len(asked)) > 0
    for step in range(1, steps + 1):
        raised = np.exp(np.clip(scaled @ weights, -30, 30))
        predicted = raised / (np.bincount(owner, raised, len(asked)) + 1)[owner]
        right = np.where(holds, raised, 0)
        wanted = right / np.maximum(np.bincount(owner, right, len(asked)), 1e-12)[owner]
        gradient = scaled.T @ (predicted - np.where(answered[owner], wanted, 0)) / len(asked)
        gradient += ridge * np.r_[weights[:-1], 0]
        slope = 0.9 * slope + 0.1 * gradient
        power = 0.999 * power + 0.001 * gradient**2
        weights = weights - rate * (slope / (1 - 0.9**step)) / (np.sqrt(power / (1 - 0.999**step)) + 1e-8)
    unscaled = weights[:-1] / spread
    return unscaled, float(weights[-1] - unscaled @ mean)


def news_rows(folder: Path) -> tuple[list[Row], list[Row], dict[str, str]]:
    """The news questions as the others are; of long articles the beginning, so that a run ends today."""
    articles = [row | {"text": row["text"][:BEGINNING]} for row in load(folder, "news_articles_2023")]
    questions = [
        row | {"answerable": True, "relevant": row["answer_string_in"]}
        for row in load(folder, "news_questions_2023")
        if row["answer_string_in"]
    ]
    return articles, questions, {row["id"]: row["id"] for row in articles}


def score(one: Asked, weights: np.ndarray, bias: float) -> np.ndarray:
    if weights is evidence.WEIGHTS:
        return one.scores
    return 1 / (1 + np.exp(-(one.rows @ weights + bias)))


def auc(positive: np.ndarray, negative: np.ndarray) -> float:
    """Chance that a positive outranks a negative; ties count half."""
    both = np.concatenate([positive, negative])
    order = both.argsort(kind="stable")
    ranks = np.empty(len(both))
    ranks[order] = np.arange(1, len(both) + 1)
    for value in np.unique(both):
        same = both == value
        ranks[same] = ranks[same].mean()
    return float(
        (ranks[: len(positive)].sum() - len(positive) * (len(positive) + 1) / 2) / (len(positive) * len(negative))
    )


def judge(asked: list[Asked], foreign: list[Asked], weights: np.ndarray, bias: float) -> dict[str, float]:
    answerable = [one for one in asked if one.answerable and len(one.rows)]
    order = {one.id: np.argsort(-score(one, weights, bias), kind="stable") for one in answerable}
    top, none, away = (
        np.array([score(one, weights, bias).max(initial=0.0) for one in some])
        for some in (answerable, [one for one in asked if not one.answerable], foreign)
    )
    five = float(np.quantile(top, 0.05))
    return {
        "questions": len(asked),
        "first statement holds the answer": float(
            np.mean([one.holds[order[one.id][:1]].any() for one in answerable])
        ),
        "one of the first three does": float(np.mean([one.holds[order[one.id][:3]].any() for one in answerable])),
        "AUC answerable against unanswerable": auc(top, none) if len(none) else float("nan"),
        "refused of answerable at ENOUGH": float(np.mean(top < evidence.ENOUGH)),
        "refused of unanswerable at ENOUGH": float((none < evidence.ENOUGH).mean()) if len(none) else float("nan"),
        "refused of foreign at ENOUGH": float(np.mean(away < evidence.ENOUGH)),
        "score below which 5 % of answerable fall": five,
        "refused of foreign there": float(np.mean(away < five)),
        "score below which 10 % of answerable fall": float(np.quantile(top, 0.1)),
        "refused of unanswerable there": float((none < np.quantile(top, 0.1)).mean()) if len(none) else float("nan"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="Save the features as .npz, to try models on.")
    options = parser.parse_args()
    paragraphs, questions = load(options.data, "squad2_paragraphs"), load(options.data, "squad2_questions")
    titles = {row["id"]: row["title"] for row in paragraphs}
    with tempfile.TemporaryDirectory() as folder:
        asked = answered(Path(folder) / "squad", paragraphs, questions[: options.limit], titles, k=options.k)
        news = answered(Path(folder) / "news", *news_rows(options.data), k=options.k)
        away = [row | {"answerable": False, "relevant": []} for row in questions[:: max(1, len(questions) // 300)]]
        foreign = answered(Path(folder) / "time", load(options.data, "time_articles"), away, titles, k=options.k)
    if options.keep:
        keep(options.keep, asked + news, foreign)
    weights, bias = evidence.WEIGHTS, evidence.BIAS
    if options.fit:
        weights, bias = fit([one for one in asked + news if one.part == "fit" and len(one.rows)])
        print("FEATURES =", evidence.FEATURES)
        print("WEIGHTS =", [round(float(weight), 3) for weight in weights], "BIAS =", round(bias, 3))
    for name in ("fit", "judge"):
        print(f"\n{name}")
        for label, value in judge([one for one in asked if one.part == name], foreign, weights, bias).items():
            print(f"  {label:45} {value:.3f}")
        print("  news 2023")
        for label, value in judge([one for one in news if one.part == name], foreign, weights, bias).items():
            print(f"    {label:43} {value:.3f}")


class Remembering:
    """The bundled embedder, asked only once for each text: the same sentences are weighed for many questions."""

    def __init__(self) -> None:
        self._embedder = open_embedder(None)
        self._known: dict[str, np.ndarray] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known |= zip(new, self._embedder.embed(new), strict=True)
        return np.array([self._known[text] for text in texts]).reshape(len(texts), self._embedder.dimensions)


def answered(folder: Path, articles: list[Row], rows: list[Row], titles: dict[str, str], *, k: int) -> list[Asked]:
    check_folder(folder, create=True)
    store = Store(folder, Remembering())
    store.check_embedder()
    fill(store, articles)
    asked = list(measured(store, rows, titles, k))
    store.close()
    return asked


def keep(path: Path, asked: list[Asked], foreign: list[Asked]) -> None:
    everything = asked + foreign
    np.savez_compressed(
        path,
        ids=np.array([one.id for one in everything]),
        rows=np.concatenate([one.rows for one in everything if len(one.rows)]),
        holds=np.concatenate([one.holds for one in everything if len(one.rows)]),
        sizes=np.array([len(one.rows) for one in everything]),
        answerable=np.array([one.answerable for one in everything]),
        judged=np.array([one.part == "judge" for one in everything]),
        foreign=np.array([False] * len(asked) + [True] * len(foreign)),
    )


if __name__ == "__main__":
    main()
