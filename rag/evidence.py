"""Which sentences bear on a question, how well, and whether that is enough to answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag import dates, names, passages, quantities
from rag.copies import near, shingles
from rag.embedder import Embedder
from rag.question import Question
from rag.records import Article, Hit, Span
from rag.words import stems

ENOUGH = 0.3
"""A best sentence less likely to answer than this is no evidence."""
RELATIVE = 0.6
"""A further statement is at least this part as likely an answer as the best one."""
ABOUT = 0.5
"""Likeness, or part of the question's words held, from which a sentence is on the topic."""
MOST = 60
"""Sentences that are compared with the question by meaning; the others share too few of its words."""

_SPEECH = re.compile(r"[“\"«„]|\b(?:said|says|told|according to|announced|warned|argued|added|stated|wrote)\b")
_CAUSE = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|in order to|so that|caused|reason|after|thanks to|led to|to \w+)\b"
)


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
    around: str
    """Title and passage, which tell what "he" and "the plant" are."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]


def candidates(hits: Sequence[Hit], article: Callable[[str, int], Article]) -> list[Sentence]:
    """Every sentence of the hits, in the hits' order."""
    found: list[Sentence] = []
    for rank, hit in enumerate(hits):
        whole = article(hit.article_id, hit.revision)
        spans = passages.sentences(hit.text, whole.language)
        around = f"{whole.title}\n{hit.text}"
        found += [Sentence(whole, Span(hit.start + span.start, hit.start + span.end), rank, around) for span in spans]
    return found


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
    weights = {stem: rarity(stem) for stem in asked.stems}
    close = sorted(
        range(len(sentences)), key=lambda i: (-_coverage(sentences[i].text, weights), sentences[i].rank, i)
    )[:MOST]
    kept = [sentences[i] for i in sorted(close)]
    if not kept:
        return []
    vectors = embedder.embed([asked.text] + [sentence.text for sentence in kept])
    likeness = vectors[1:] @ vectors[0]
    rows = [features(asked, sentence, weights, float(alike)) for sentence, alike in zip(kept, likeness, strict=True)]
    scored = [
        Evidence(sentence.article, sentence.span, probability(row), row)
        for sentence, row in zip(kept, rows, strict=True)
    ]
    return sorted(scored, key=lambda evidence: -evidence.score)


def features(asked: Question, sentence: Sentence, weights: dict[str, float], likeness: float) -> tuple[float, ...]:
    """What the score is made of, each about 0 to 1; ``WEIGHTS`` names them."""
    text = sentence.text
    covered = _coverage(text, weights)
    around = _coverage(sentence.around, weights)
    return (
        likeness,
        likeness * likeness,
        covered,
        around,
        _rarest_missing(sentence.around, weights),
        _rarest_missing(text, weights),
        float(_holds(asked, sentence)),
        float(asked.asks == "anything"),
        _names_missing(asked, sentence.around),
        1 / (1 + sentence.rank),
        min(1.0, math.log1p(len(text)) / 6),
        float(_holds_besides(asked, text)),
    )


WEIGHTS = np.zeros(12)
BIAS = 0.0


def probability(row: Sequence[float]) -> float:
    """Logistic regression over the features."""
    return float(1 / (1 + math.exp(-(float(np.dot(WEIGHTS, row)) + BIAS))))


def _coverage(text: str, weights: dict[str, float]) -> float:
    total = sum(weights.values())
    held = set(stems(text))
    return sum(weight for stem, weight in weights.items() if stem in held) / total if total else 0.0


def _rarest_missing(text: str, weights: dict[str, float]) -> float:
    held = set(stems(text))
    most = max(weights.values(), default=1.0)
    return max((weight for stem, weight in weights.items() if stem not in held), default=0.0) / most


def _names_missing(asked: Question, text: str) -> float:
    if not asked.names:
        return 0.0
    return sum(not names.matches(name, text) for name in asked.names) / len(asked.names)


def _holds_besides(asked: Question, text: str) -> bool:
    return bool(asked.besides) and set(asked.besides) <= set(stems(text))


def _holds(asked: Question, sentence: Sentence) -> bool:
    """Whether the sentence holds the kind of thing that was asked for, other than what the question holds itself."""
    text = sentence.text
    match asked.asks:
        case "date":
            return bool(dates.find(text))
        case "quantity":
            return bool(quantities.find(text))
        case "person" | "place":
            return any(not names.matches(name.words, asked.text) for name in names.find(text))
        case "speech":
            return _SPEECH.search(text) is not None
        case "reason":
            return _CAUSE.search(text) is not None
        case _:
            return False


def choose(weighed: Sequence[Evidence], *, most: int, carriers: Callable[[str], tuple[str, ...]]) -> list[Evidence]:
    """The few best pieces of evidence, or none where none is enough; near-copies folded into the original.

    ``carriers`` gives the ids of the articles that carry an article's report, the original first.
    """
    chosen: list[Evidence] = []
    best = max((evidence.score for evidence in weighed), default=0.0)
    for evidence in weighed:
        if evidence.score < max(ENOUGH, best * RELATIVE):
            break
        twin = next((index for index, other in enumerate(chosen) if _same(other, evidence)), None)
        if twin is not None:
            chosen[twin] = _original(chosen[twin], evidence, carriers)
        elif len(chosen) < most:
            chosen.append(evidence)
    return [replace(one, also=_others(one, carriers)) for one in chosen]


def overview(sentences: Sequence[Sentence]) -> list[Evidence]:
    """Evidence for a question that asks for nothing in particular: the first sentence of each article."""
    first: dict[str, Sentence] = {}
    for sentence in sentences:
        first.setdefault(sentence.article.id, sentence)
    return [
        Evidence(sentence.article, sentence.span, 1 - rank / (10 * len(first)))
        for rank, sentence in enumerate(first.values())
    ]


def on_topic(weighed: Sequence[Evidence]) -> bool:
    """Whether the sentences are at least about what the question is about."""
    return any(evidence.features[0] >= ABOUT or evidence.features[2] >= ABOUT for evidence in weighed)


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences say the same in nearly the same words and with the same figures."""
    if one.article.id == other.article.id and one.span == other.span:
        return True
    figures = [[quantity.value for quantity in quantities.find(each.quote)] for each in (one, other)]
    return figures[0] == figures[1] and near(shingles(one.quote), shingles(other.quote))


def _original(one: Evidence, other: Evidence, carriers: Callable[[str], tuple[str, ...]]) -> Evidence:
    order = carriers(one.article.id)
    if other.article.id not in order:
        return one
    return min((one, other), key=lambda evidence: order.index(evidence.article.id))


def _others(one: Evidence, carriers: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(id for id in carriers(one.article.id) if id != one.article.id)
