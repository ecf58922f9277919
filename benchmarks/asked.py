"""Questions put to archives of real articles: what is found for each, and whether it holds the answer.

Some are about what the archive holds, others about nothing in it: those of one collection put to another. Only
questions of subjects that the reader was not trained on are asked of the paragraphs.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.archives import filled
from rag import asking, evidence, question, refusing, topic
from rag.evidence import READ, Model
from rag.models.reader.data import Row, load, trained_on
from rag.reader import open_reader
from rag.records import Filters
from rag.store import Store

BEGINNING = 5_000
"""Characters of a long news article that are taken in, so that a run ends today."""
SMALL = 24
"""Archives of one to eight paragraphs."""
PUT_TO_SMALL = 12
"""Questions about other things that are put to each of them."""
FOLDS = 3
HITS = 10
"""As many as a question looks at unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found for it."""

    kind: str
    """Whose question, and put to which archive."""
    fold: int
    """Of three: a subject of the paragraphs each, or a third of the questions of the news."""
    subject: str
    about: bool
    """Whether the archive is about it."""
    answerable: bool
    rows: np.ndarray
    """Features of its candidate sentences (n, features)."""
    factors: np.ndarray
    """What besides the model their scores are multiplied with."""
    holds: np.ndarray
    """Which of them hold an answer and stand in an article known to answer."""
    says: np.ndarray
    """Which hold an answer, wherever."""
    topic: np.ndarray
    """Features of what was found together, but for the odds of the best sentence."""
    unknown: bool
    """Whether it is about a name that no article found holds, which refuses it whatever the rest."""

    def scores(self, model: Model) -> np.ndarray:
        raised = self.rows @ np.array(model.weights) + model.bias if len(self.rows) else np.zeros(0)
        return self.factors / (1 + np.exp(-raised))

    def best(self, model: Model) -> float:
        """How likely the likeliest sentence answers."""
        return 0.0 if self.unknown or not len(self.rows) else float(self.scores(model).max())

    def on_topic(self, model: Model) -> np.ndarray:
        """Features of what was found together."""
        best = min(max(float(self.scores(model).max(initial=0.0)), topic.LEAST), 1 - topic.LEAST)
        return np.r_[self.topic, np.log(best / (1 - best))]


@dataclass(frozen=True, slots=True)
class Put:
    """A question on its way."""

    row: Row
    kind: str
    fold: int
    subject: str
    about: bool


def ask(store: Store, put: Put) -> Asked:
    weigh = partial(evidence.weigh, rarity=store.rarity, embed=store.embedder.embed, reader=open_reader())
    read = question.read(put.row["question"])
    hits = asking.others_too(store.search(put.row["question"], HITS * asking.DEEP, Filters()), HITS)
    sentences = evidence.candidates(hits, store.catalogue.article)
    weighed = weigh(read, sentences)
    found = {hit.article_id: store.catalogue.article(hit.article_id) for hit in hits}
    relevant = set(put.row.get("relevant", ())) if put.about else set()
    says = [any(answer.lower() in one.quote.lower() for answer in put.row.get("answers", ())) for one in weighed]
    width = len(topic.FITTED.weights) - 1
    return Asked(
        put.kind,
        put.fold,
        put.subject,
        put.about,
        put.about and bool(put.row["answerable"]),
        np.array([one.features for one in weighed]),
        np.array([one.score / READ.probability(one.features) for one in weighed]),
        np.array([say and one.article.id in relevant for say, one in zip(says, weighed, strict=True)], dtype=bool),
        np.array(says, dtype=bool),
        np.array(topic.features(sentences, weighed)[:width]) if weighed else np.zeros(width),
        refusing.unknown_name(read, list(found.values())) is not None,
    )


def held_out(data: Path) -> tuple[list[Row], list[Row]]:
    """Paragraphs, and the questions, with their subjects, on which the reader was not trained."""
    paragraphs, rows = load(data, "squad2_paragraphs"), load(data, "squad2_questions")
    subjects = {row["id"]: row["title"] for row in paragraphs}
    rows = [row | {"subject": subjects[row["relevant"][0]]} for row in rows]
    trained = trained_on([row["subject"] for row in rows])
    return paragraphs, [row for row in rows if row["subject"] not in trained]


def news(data: Path) -> tuple[list[Row], list[Row]]:
    articles = [row | {"text": row["text"][:BEGINNING]} for row in load(data, "news_articles_2023")]
    rows = [
        row | {"answerable": True, "relevant": row["answer_string_in"]}
        for row in load(data, "news_questions_2023")
        if row["answer_string_in"]
    ]
    return articles, rows


def asked(data: Path, folder: Path) -> Iterator[Asked]:
    """Every question, put to archives made in a folder."""
    paragraphs, rows = held_out(data)
    subjects = list(dict.fromkeys(row["subject"] for row in rows))

    def puts(some: Sequence[Row], kind: str, *, about: bool) -> Iterator[Put]:
        for row in some:
            subject = row.get("subject", "news")
            fold = subjects.index(subject) if subject in subjects else zlib.crc32(row["id"].encode()) % FOLDS
            yield Put(row, kind, fold % FOLDS, subject, about)

    articles, of_news = news(data)
    store = filled(folder / "paragraphs", paragraphs)
    for put in puts(rows, "paragraphs", about=True):
        yield ask(store, put)
    store = filled(folder / "time", load(data, "time_articles"))
    for put in [
        *puts(rows[::2], "paragraphs to TIME", about=False),
        *puts(of_news, "news to TIME", about=False),
    ]:
        yield ask(store, put)
    store = filled(folder / "news", articles)
    for put in [*puts(of_news, "news", about=True), *puts(rows[1::4], "paragraphs to news", about=False)]:
        yield ask(store, put)
    draw = random.Random(7)
    for number in range(SMALL):
        away = subjects[number % FOLDS]
        some = _few(paragraphs, [subject for subject in subjects if subject != away], number, draw)
        store = filled(folder / f"small-{number}", some)
        own = {row["id"] for row in some}
        for put in [
            *puts([row for row in rows if row["relevant"][0] in own], "paragraphs, small", about=True),
            *puts(
                draw.sample([row for row in rows if row["subject"] == away], PUT_TO_SMALL),
                "paragraphs to small",
                about=False,
            ),
        ]:
            yield ask(store, put)


def _few(paragraphs: Sequence[Row], subjects: Sequence[str], number: int, draw: random.Random) -> list[Row]:
    """One paragraph, or one, two or four of each of two subjects."""
    each = (1, 1, 2, 4)[number % 4]
    some = [draw.sample([row for row in paragraphs if row["title"] == subject], each) for subject in subjects]
    return [row for part in some for row in part][: None if number % 4 else 1]
