"""Which sentences bear on a question, and how likely each is to answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import mul

from rag import passages, scripts, wanted
from rag.claims import names
from rag.embedder import Embed
from rag.orders import gives_orders
from rag.question import Question
from rag.reader import Page, Reader, Reading
from rag.records import Article, Hit, Span
from rag.wanted import Mention
from rag.words import stems

ABOUT = 0.5
"""Part of the question's words held from which a text is on the topic."""
KNOWN = 0.2
"""What is left of the score of a sentence about what the question excludes: "besides a rifle"."""
WITHOUT = 0.01
"""What is left of the score of a sentence without a figure of the kind asked for; dates have too many forms."""
BEFORE = 2
"""Sentences before one that tell what its "he" and "also" refer to."""
MOST = 60
"""Sentences that are compared with the question by meaning; the others share too few of its words."""
TO_JUDGE = 24
"""Of these, where they only tell whether there is an answer: a model writes it, or there is none."""

_CORRECTION = re.compile(r"\b(?:earlier|previous|original) version of (?:this|the|our)\b", re.IGNORECASE)
"""A note of what an article had wrong before, which only a question about errors asks for."""
_ABOUT_ERRORS = re.compile(r"\b(?:correct\w*|wrong\w*|right|true|errors?|mistakes?|versions?)\b", re.IGNORECASE)

Weights = Mapping[tuple[str, ...], float]
"""Of what a question speaks of; rarer words weigh more."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an article and how likely it is to answer the question."""

    article: Article
    span: Span
    score: float
    """Estimated probability, 0 to 1, that it answers."""
    features: tuple[float, ...] = ()
    also: tuple[str, ...] = ()
    """Ids of near-copies of the article."""
    answer: Mention | None = None
    """The figure, day or name in the sentence that looks most like the answer, where one is asked for."""
    sources: int = 1
    """Independent sources that say the same."""
    conflict: bool = False
    """Another outlet says otherwise at about the same time."""
    superseded: bool = False
    """A newer report says otherwise."""

    @property
    def quote(self) -> str:
        """The words themselves, exactly as the article has them."""
        return self.article.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate: a sentence inside a hit, with the words around it."""

    article: Article
    span: Span
    rank: int
    """Of the hit it stands in, from 0."""
    hit: Hit
    near: str
    """The sentence with those before it and the one after."""
    around: str
    """Title, first sentence and passage, which tell what "he" and "the plant" are."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]

    @property
    def inside(self) -> Span:
        """Where it stands in the text of its hit."""
        return Span(self.span.start - self.hit.start, min(self.span.end, self.hit.end) - self.hit.start)


def candidates(hits: Sequence[Hit], article: Callable[[str, int], Article]) -> list[Sentence]:
    """Every sentence of the hits that tells something, in the hits' order: no orders, questions, "as follows:"."""
    found: list[Sentence] = []
    for rank, hit in enumerate(hits):
        whole = article(hit.article_id, hit.revision)
        spans = _sentences(whole)
        lead = _slice(whole, spans[:1])
        inside = [index for index, span in enumerate(spans) if hit.start <= span.start < hit.end]
        for index in inside:
            near = _slice(whole, spans[max(0, index - BEFORE) : index + 2])
            around = f"{whole.title}\n{lead}\n{near}\n{hit.text}"
            found.append(Sentence(whole, spans[index], rank, hit, near, around))
    return [one for one in found if not gives_orders(one.text) and not one.text.endswith((":", "?"))]


@lru_cache(maxsize=512)
def _sentences(article: Article) -> tuple[Span, ...]:
    return tuple(passages.sentences(article.text, article.language))


def _slice(article: Article, spans: Sequence[Span]) -> str:
    return article.text[spans[0].start : spans[-1].end] if spans else ""


def weigh(
    asked: Question,
    sentences: Sequence[Sentence],
    *,
    rarity: Callable[[str], float],
    embed: Embed,
    reader: Reader,
    most: int = MOST,
) -> list[Evidence]:
    """Sentences as evidence, best first; ties in reading order. At most ``most`` are weighed.

    ``rarity`` gives the weight of a stem, larger for rarer ones. ``embed`` is that of the bundled embedder, to whose
    likenesses the score is fitted. Elsewhere than in English, which is all that it and the reader know, words decide alone.
    """
    weights = weighted(asked, rarity)
    kept = _closest(sentences, weights, most)
    if not kept:
        return []
    english = scripts.is_english(asked.text)
    alike = _likeness(asked, kept, embed) if english else [0.0] * len(kept)
    weighed = []
    for (sentence, odds, reading), likeness in zip(
        _read(asked, kept, reader if english else None), alike, strict=True
    ):
        row = features(asked, sentence, weights, likeness, odds, max(reading.odds))
        answer = _answer(asked, sentence, reading)
        score = _score(asked, sentence, row, READ if english else WORDS)
        weighed.append(Evidence(sentence.article, sentence.span, score, row, answer=answer))
    return sorted(weighed, key=lambda evidence: -evidence.score)


def _likeness(asked: Question, sentences: Sequence[Sentence], embed: Embed) -> list[float]:
    """How near each sentence under its title is to the question in meaning."""
    vectors = embed([asked.text, *(f"{one.article.title}. {one.text}" for one in sentences)])
    return [float(cosine) for cosine in vectors[1:] @ vectors[0]]


def _closest(sentences: Sequence[Sentence], weights: Weights, most: int) -> list[Sentence]:
    """At most ``most`` sentences, those that hold most of the question's words, in their order."""
    if len(sentences) <= most:
        return list(sentences)
    order = sorted(range(len(sentences)), key=lambda index: (-coverage(sentences[index].near, weights), index))
    return [sentences[index] for index in sorted(order[:most])]


def _read(
    asked: Question, sentences: Sequence[Sentence], reader: Reader | None
) -> list[tuple[Sentence, float, Reading]]:
    """Each sentence with its log-odds and the reading of its passage."""
    groups = [list(group) for _, group in groupby(sentences, key=lambda sentence: sentence.rank)]
    pages = [
        Page(group[0].article.title, group[0].hit.text, tuple(sentence.inside for sentence in group))
        for group in groups
    ]
    unread = [Reading((0.0,) * len(page.sentences), ()) for page in pages]
    readings = reader.read(asked.text, pages) if reader else unread
    return [
        (sentence, odds, reading)
        for group, reading in zip(groups, readings, strict=True)
        for sentence, odds in zip(group, reading.odds, strict=True)
    ]


def _answer(asked: Question, sentence: Sentence, reading: Reading) -> Mention | None:
    found = wanted.mentions(asked, sentence.text, sentence.article.published_at)
    start = sentence.inside.start
    return max(found, key=lambda one: reading.mark(Span(start + one.start, start + one.end)), default=None)


def weighted(asked: Question, rarity: Callable[[str], float]) -> Weights:
    """What the question speaks of, weighted by how rare it is."""
    return {unit: max(rarity(stem) for stem in unit) for unit in asked.topic}


def features(
    asked: Question, sentence: Sentence, weights: Weights, likeness: float, odds: float, best: float
) -> tuple[float, ...]:
    """What the score is made of, in the order of ``FEATURES``; ``best`` are the best odds in its passage."""
    text = sentence.text
    # What comes besides a thing stands next to it and leaves the subject unsaid: "Additionally, he gave ...".
    said = sentence.near if asked.besides else text
    return (
        odds,
        best,
        likeness,
        coverage(said, weights),
        coverage(sentence.near, weights),
        coverage(sentence.around, weights),
        float(wanted.lacks(asked, text)),
        _names_missing(asked, sentence.article),
        1 / (1 + sentence.rank),
    )


FEATURES = (
    *("odds", "best odds of the passage", "likeness with title", "coverage", "coverage near", "coverage around"),
    *("lacks", "names missing", "rank"),
)


@dataclass(frozen=True, slots=True)
class Model:
    """Logistic regression over the features."""

    weights: tuple[float, ...]
    bias: float

    def probability(self, row: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-(math.fsum(map(mul, self.weights, row)) + self.bias)))


READ = Model((0.444, -0.1, 6.022, 2.493, 2.285, -3.598, -2.077, -1.083, 2.753), -7.172)
"""For English."""
WORDS = Model((0.0, 0.0, 0.0, 5.853, 1.902, -3.25, -2.118, -2.213, 3.341), -6.738)
"""For other languages. Both fitted by benchmarks/evidence.py on questions that the reader was not trained on."""


def _score(asked: Question, sentence: Sentence, row: Sequence[float], model: Model) -> float:
    """The probability, less what speaks against the sentence whatever its words are."""
    known = bool(asked.besides) and set(asked.besides) <= set(stems(sentence.text))
    without = asked.asks == "quantity" and wanted.lacks(asked, sentence.text)
    if _CORRECTION.search(sentence.text) and not _ABOUT_ERRORS.search(asked.text):
        return 0.0
    return model.probability(row) * (KNOWN if known else 1.0) * (WITHOUT if without else 1.0)


def coverage(text: str, weights: Weights) -> float:
    """Share of the question's topic that the text holds, by weight."""
    total = sum(weights.values())
    held = set(stems(text))
    return sum(weight for unit, weight in weights.items() if not held.isdisjoint(unit)) / total if total else 0.0


def _names_missing(asked: Question, article: Article) -> float:
    """Share of the question's names that the article holds nowhere: "Mr Kim" was named in full somewhere."""
    if not asked.names:
        return 0.0
    text = f"{article.title}\n{article.text}"
    return sum(not _named(name, text) for name in asked.names) / len(asked.names)


@lru_cache(maxsize=4_096)
def _named(name: str, text: str) -> bool:
    return names.matches(name, text)


def overview(asked: Question, sentences: Sequence[Sentence]) -> list[Evidence]:
    """Evidence for a question that asks what there is to say: of each article on its topic the first sentence found.

    Articles that name more of the topic come first, then those found first.
    """
    first: dict[str, Sentence] = {}
    for sentence in sorted(sentences, key=lambda sentence: sentence.span.start):
        first.setdefault(sentence.article.id, sentence)
    weights = dict.fromkeys(asked.topic, 1.0)
    found = []
    for sentence in sorted(first.values(), key=lambda sentence: sentence.rank):
        covered = coverage(sentence.around, weights) if weights and not asked.open else 1.0
        if covered >= ABOUT:
            found.append(Evidence(sentence.article, sentence.span, covered))
    return sorted(found, key=lambda evidence: -evidence.score)


def on_subject(
    asked: Question,
    hits: Sequence[Hit],
    article: Callable[[str, int], Article],
    rarity: Callable[[str], float],
) -> list[str]:
    """Ids of the articles among the hits that hold most of the subject's words in their title and passage."""
    weights = weighted(asked, rarity)
    held = (hit for hit in hits if coverage(_headed(hit, article), weights) >= ABOUT or not weights)
    return list(dict.fromkeys(hit.article_id for hit in held))


def _headed(hit: Hit, article: Callable[[str, int], Article]) -> str:
    return f"{article(hit.article_id, hit.revision).title}\n{hit.text}"
