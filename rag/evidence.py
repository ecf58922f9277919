"""Which sentences bear on a question, how well, and whether that is enough to answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

import numpy as np

from rag import passages
from rag.claims import dates, names, quantities
from rag.copies import near, shingles
from rag.embedder import Embedder
from rag.orders import gives_orders
from rag.question import Question
from rag.records import Article, Hit, Span
from rag.words import stems

ENOUGH = 0.07
"""A best sentence less likely to answer than this is no evidence."""
RELATIVE = 0.6
"""A further statement is at least this part as likely an answer as the best one."""
DIFFERING = 0.35
"""The same for a sentence of another outlet with other figures."""
RIVAL = 0.75
"""A sentence at least this part as likely as the best one may take its place for being newer."""
ABOUT = 0.5
"""Likeness, or part of the question's words held, from which a sentence is on the topic."""
KNOWN = 0.5
"""What is left of the score of a sentence about what the question excludes: "besides a rifle"."""
WITHOUT = 0.05
"""What is left of the score of a sentence without any figure where one was asked for; dates have too many forms."""
BEFORE = 2
"""Sentences before one that tell what its "he" and "also" refer to."""
MOST = 60
"""Sentences that are compared with the question by meaning; the others share too few of its words."""

_SPEECH = re.compile(r"[“\"«„]|\b(?:said|says|told|according to|announced|warned|argued|added|stated|wrote)\b")
_PLACE = re.compile(r"\b(?:in|at|to|near|outside|inside|off|from) (?:the|a|an) \w+")
_MANY = re.compile(r"\bhow many\b", re.IGNORECASE)
_COUNTS = frozenset({"number", "vague", "implied", "fraction", "percent"})
_PLACES_IN_ORDER = frozenset({"time", "ordinal"})
_YEAR = re.compile(r"\b\d{3,4}s?\b|\bcentur(?:y|ies)\b")


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
    near: str
    """The sentence with those before it and the one after."""
    around: str
    """Title, first sentence and passage, which tell what "he" and "the plant" are."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]


def candidates(hits: Sequence[Hit], article: Callable[[str, int], Article]) -> list[Sentence]:
    """Every sentence of the hits that tells something, in the hits' order: no orders, no "as follows:"."""
    found: list[Sentence] = []
    for rank, hit in enumerate(hits):
        whole = article(hit.article_id, hit.revision)
        spans = _sentences(whole)
        lead = _slice(whole, spans[:1])
        inside = [index for index, span in enumerate(spans) if hit.start <= span.start < hit.end]
        for index in inside:
            near = _slice(whole, spans[max(0, index - BEFORE) : index + 2])
            around = f"{whole.title}\n{lead}\n{near}\n{hit.text}"
            found.append(Sentence(whole, spans[index], rank, near, around))
    return [one for one in found if not gives_orders(one.text) and not one.text.endswith(":")]


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
    embedder: Embedder,
) -> list[Evidence]:
    """Sentences as evidence, best first; ties in reading order.

    ``rarity`` gives the weight of a stem, larger for rarer ones.
    """
    weights = {unit: max(rarity(stem) for stem in unit) for unit in asked.topic}
    kept = _closest(sentences, weights)
    if not kept:
        return []
    vectors = embedder.embed([asked.text, *(f"{one.article.title}. {one.text}" for one in kept)])
    alike = vectors[1:] @ vectors[0]
    rows = [features(asked, sentence, weights, float(own)) for sentence, own in zip(kept, alike, strict=True)]
    scored = [
        Evidence(sentence.article, sentence.span, _score(asked, sentence, row), row)
        for sentence, row in zip(kept, rows, strict=True)
    ]
    return sorted(scored, key=lambda evidence: -evidence.score)


Weights = dict[tuple[str, ...], float]


def features(asked: Question, sentence: Sentence, weights: Weights, likeness: float) -> tuple[float, ...]:
    """What the score is made of, each about 0 to 1, in the order of ``FEATURES``."""
    text = sentence.text
    # What comes besides a thing stands next to it and leaves the subject unsaid: "Additionally, he gave ...".
    said = sentence.near if asked.besides else text
    return (
        likeness,
        _coverage(said, weights),
        _coverage(sentence.near, weights),
        _coverage(sentence.around, weights),
        float(_lacks(asked, text)),
        _names_missing(asked, sentence.article),
        1 / (1 + sentence.rank),
    )


FEATURES = ("likeness with title", "coverage", "coverage near", "coverage around", "lacks", "names missing", "rank")
WEIGHTS = np.array([6.021, 3.494, 1.374, -0.869, -1.383, -1.799, 1.676])
BIAS = -8.378
"""Fitted by benchmarks/evidence.py, on half of the subjects of SQuAD 2.0 questions and half of its news questions."""


def _score(asked: Question, sentence: Sentence, row: Sequence[float]) -> float:
    """The probability, less what speaks against the sentence whatever its words are."""
    known = bool(asked.besides) and set(asked.besides) <= set(stems(sentence.text))
    without = asked.asks == "quantity" and _lacks(asked, sentence.text)
    return probability(row) * (KNOWN if known else 1.0) * (WITHOUT if without else 1.0)


def probability(row: Sequence[float]) -> float:
    """Logistic regression over the features."""
    return float(1 / (1 + math.exp(-(float(np.dot(WEIGHTS, row)) + BIAS))))


def _closest(sentences: Sequence[Sentence], weights: Weights) -> list[Sentence]:
    """At most ``MOST`` sentences, those that hold most of the question's words, in their order."""
    if len(sentences) <= MOST:
        return list(sentences)
    order = sorted(range(len(sentences)), key=lambda index: (-_coverage(sentences[index].near, weights), index))
    return [sentences[index] for index in sorted(order[:MOST])]


def _coverage(text: str, weights: Weights) -> float:
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


def _lacks(asked: Question, text: str) -> bool:
    """Whether nothing in the sentence is of the kind that was asked for, beyond what the question holds itself."""
    match asked.asks:
        case "date":
            return not _holds_date(text)
        case "quantity":
            known = {value for value, _ in _quantities(asked.text)}
            counted = _MANY.search(asked.text) is not None
            return not any(_fits(kind, counted) and value not in known for value, kind in _quantities(text))
        case "place" if _PLACE.search(text):
            return False
        case "person" | "place":
            return all(names.matches(name, asked.text) for name in _names(text))
        case "speech":
            return _SPEECH.search(text) is None
        case _:
            return False


@lru_cache(maxsize=4_096)
def _holds_date(text: str) -> bool:
    return _YEAR.search(text) is not None or bool(dates.find(text))


@lru_cache(maxsize=4_096)
def _quantities(text: str) -> frozenset[tuple[Fraction, str]]:
    """Values and kinds of the numbers in a text that are no part of a date."""
    days = dates.find(text)
    return frozenset(
        (quantity.value, quantity.kind)
        for quantity in quantities.find(text)
        if not any(day.start < quantity.end and quantity.start < day.end for day in days)
    )


def _fits(kind: str, counted: bool) -> bool:
    """Whether a quantity of this kind can answer: "how many" wants a count or a share, never an hour of the day."""
    return kind in _COUNTS if counted else kind not in _PLACES_IN_ORDER


@lru_cache(maxsize=4_096)
def _named(name: str, text: str) -> bool:
    return names.matches(name, text)


@lru_cache(maxsize=4_096)
def _names(text: str) -> tuple[str, ...]:
    return tuple(name.words for name in names.find(text))


def choose(
    weighed: Sequence[Evidence],
    *,
    most: int,
    carriers: Callable[[str], tuple[str, ...]],
    article: Callable[[str], Article],
) -> list[Evidence]:
    """The few best pieces of evidence, or none where none is enough; near-copies folded into the original.

    ``carriers`` gives the ids of the articles that carry an article's report, the original first.
    """
    chosen: list[Evidence] = []
    best = max((evidence.score for evidence in weighed), default=0.0)
    for evidence in weighed:
        if evidence.score < ENOUGH or len(chosen) == most:
            break
        differs = any(_differs(evidence, other) for other in chosen)
        enough = best * (DIFFERING if differs else RELATIVE)
        if evidence.score >= enough and not any(_same(other, evidence) for other in chosen):
            chosen.append(evidence)
    return [_anchored(one, carriers(one.article.id), article) for one in _newest_first(chosen)]


def _differs(one: Evidence, other: Evidence) -> bool:
    """Whether another outlet gives other figures: readers must see both."""
    return one.article.source != other.article.source and bool(_figures(one)) and _figures(one) != _figures(other)


def _anchored(one: Evidence, carriers: Sequence[str], article: Callable[[str], Article]) -> Evidence:
    """The same words in the first article that carries them, and who else carries the report."""
    for id in carriers:
        origin = article(id)
        start = origin.text.find(one.quote)
        if start >= 0:
            also = tuple(other for other in carriers if other != id)
            return replace(one, article=origin, span=Span(start, start + len(one.quote)), also=also)
    return one


def _newest_first(chosen: Sequence[Evidence]) -> list[Evidence]:
    """Of about equally good sentences with different figures the newest leads: figures are superseded."""
    if not chosen:
        return []
    rivals = [one for one in chosen if one.score >= chosen[0].score * RIVAL and _figures(one) != _figures(chosen[0])]
    newest = max(rivals, key=_published, default=chosen[0])
    if _published(newest) <= _published(chosen[0]):
        return list(chosen)
    return [newest, *(one for one in chosen if one is not newest)]


def _figures(one: Evidence) -> list[Fraction]:
    return [quantity.value for quantity in quantities.find(one.quote)]


def _published(one: Evidence) -> float:
    return one.article.published_at.timestamp() if one.article.published_at else float("-inf")


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
        covered = _coverage(sentence.around, weights) if weights and not asked.open else 1.0
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
    weights = {unit: max(rarity(stem) for stem in unit) for unit in asked.topic}
    held = (hit for hit in hits if _coverage(_headed(hit, article), weights) >= ABOUT or not weights)
    return list(dict.fromkeys(hit.article_id for hit in held))


def _headed(hit: Hit, article: Callable[[str, int], Article]) -> str:
    return f"{article(hit.article_id, hit.revision).title}\n{hit.text}"


def on_topic(weighed: Sequence[Evidence]) -> bool:
    """Whether the sentences are at least about what the question is about."""
    return any(evidence.features[0] >= ABOUT or evidence.features[3] >= ABOUT for evidence in weighed)


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences say the same in nearly the same words and with the same figures."""
    if one.article.id == other.article.id and one.span == other.span:
        return True
    return _figures(one) == _figures(other) and near(shingles(one.quote), shingles(other.quote))
