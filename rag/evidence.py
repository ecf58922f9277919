"""Which sentences bear on a question, and how likely each is to answer it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
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

ENOUGH = 0.018
"""A sentence less likely to answer than this is no evidence."""
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
ALIKE, UNLIKE = 1.0, 0.0
"""The most that a sentence can be like a question, and what is taken of one that is not compared."""
TO_JUDGE = 24
"""Of these, where they only tell whether there is an answer: a model writes it, or there is none."""

_CORRECTION = re.compile(r"\b(?:earlier|previous|original) version of (?:this|the|our)\b", re.IGNORECASE)
"""A note of what an article had wrong before, which only a question about errors asks for."""
_ABOUT_ERRORS = re.compile(r"\b(?:correct\w*|wrong\w*|right|true|errors?|mistakes?|versions?)\b", re.IGNORECASE)

Weights = Mapping[tuple[str, ...], float]
"""Of what a question speaks of; rarer words weigh more."""
Settled = Callable[[Sequence["Evidence"]], bool]
"""Whether all is known of the sentences that needs to be."""


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
    around: tuple[str, ...]
    """Title, first sentence and passage, which tell what "he" and "the plant" are, and what is near."""

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
            around = whole.title, lead, near, hit.text
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
    settled: Settled = lambda weighed: False,
) -> list[Evidence]:
    """Sentences as evidence, best first; ties in reading order. At most ``most`` are weighed.

    ``rarity`` gives the weight of a stem, larger for rarer ones. ``embed`` is that of the bundled embedder, to whose
    likenesses the score is fitted. Elsewhere than in English, all that it and the reader know, words decide alone.
    A sentence that cannot reach ``ENOUGH`` however like the question it is, is not compared with it in meaning where
    all is ``settled`` without.
    """
    weights = weighted(asked, rarity)
    kept = _closest(sentences, weights, most)
    if not kept:
        return []
    english = scripts.is_english(asked.text)
    # The network leaves Python free: what words tell is looked up while passages are read.
    with ThreadPoolExecutor(1, thread_name_prefix="reading") as beside:
        reading = beside.submit(_read, asked, kept, reader if english else None)
        worded = [_worded(asked, sentence, weights) for sentence in kept]
        read = reading.result()
    drafts = [_Draft(asked, *one, words) for one, words in zip(read, worded, strict=True)]
    if not english:
        return _sorted(draft.evidence(UNLIKE, WORDS) for draft in drafts)
    hopeful = [draft for draft in drafts if draft.score(ALIKE, READ) >= ENOUGH]
    weighed = _compared(drafts, hopeful, embed)
    known = len(hopeful) == len(drafts) or settled(weighed)
    return weighed if known else _compared(drafts, drafts, embed)


@dataclass(frozen=True, slots=True)
class _Draft:
    """All that is known of a sentence but how like the question it is in meaning."""

    asked: Question
    sentence: Sentence
    odds: float
    passage: Reading
    words: tuple[float, ...]

    def row(self, likeness: float) -> tuple[float, ...]:
        """Its ``FEATURES``."""
        return (self.odds, max(self.passage.odds), likeness, *self.words)

    def score(self, likeness: float, model: Model) -> float:
        return _score(self.asked, self.sentence, self.row(likeness), model)

    def evidence(self, likeness: float, model: Model) -> Evidence:
        answer = _answer(self.asked, self.sentence, self.passage)
        score, row = self.score(likeness, model), self.row(likeness)
        return Evidence(self.sentence.article, self.sentence.span, score, row, answer=answer)


def _compared(drafts: Sequence[_Draft], some: Sequence[_Draft], embed: Embed) -> list[Evidence]:
    """The drafts as evidence, best first, some of them compared with the question in meaning."""
    likeness = dict(zip(map(id, some), _likeness(some, embed), strict=True))
    return _sorted(draft.evidence(likeness.get(id(draft), UNLIKE), READ) for draft in drafts)


def _sorted(weighed: Iterable[Evidence]) -> list[Evidence]:
    return sorted(weighed, key=lambda evidence: -evidence.score)


def _likeness(drafts: Sequence[_Draft], embed: Embed) -> list[float]:
    """How near each sentence under its title is to the question in meaning."""
    if not drafts:
        return []
    texts = (f"{one.sentence.article.title}. {one.sentence.text}" for one in drafts)
    vectors = embed([drafts[0].asked.text, *texts])
    return [float(cosine) for cosine in vectors[1:] @ vectors[0]]


def _closest(sentences: Sequence[Sentence], weights: Weights, most: int) -> list[Sentence]:
    """At most ``most`` sentences, those that hold most of the question's words, in their order."""
    if len(sentences) <= most:
        return list(sentences)
    order = sorted(range(len(sentences)), key=lambda index: (-coverage(weights, sentences[index].near), index))
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


def _worded(asked: Question, sentence: Sentence, weights: Weights) -> tuple[float, ...]:
    """What the score is made of besides what networks tell: the last of ``FEATURES``, in their order."""
    # What comes besides a thing stands next to it and leaves the subject unsaid: "Additionally, he gave ...".
    said = sentence.near if asked.besides else sentence.text
    return (
        coverage(weights, said),
        coverage(weights, sentence.near),
        coverage(weights, *sentence.around),
        float(wanted.lacks(asked, sentence.text)),
        _names_missing(asked, sentence.article),
        1 / (1 + sentence.rank),
    )


FEATURES = (
    *("odds", "best odds of the passage", "likeness with title", "coverage", "coverage near", "coverage around"),
    *("lacks", "names missing", "rank"),
)
"""What a score is made of; "best odds" are those of all sentences of the passage."""


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


def coverage(weights: Weights, *texts: str) -> float:
    """Share of the question's topic that the texts hold between them, by weight."""
    total = sum(weights.values())
    held = set(chain.from_iterable(map(stems, texts)))
    return sum(weight for unit, weight in weights.items() if not held.isdisjoint(unit)) / total if total else 0.0


def _names_missing(asked: Question, article: Article) -> float:
    """Share of the question's names that the article holds nowhere: "Mr Kim" was named in full somewhere."""
    if not asked.names:
        return 0.0
    return sum(not _named(name, article.headed) for name in asked.names) / len(asked.names)


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
        covered = coverage(weights, *sentence.around) if weights and not asked.open else 1.0
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
    titles = [article(hit.article_id, hit.revision).title for hit in hits]
    held = [hit for hit, title in zip(hits, titles, strict=True) if coverage(weights, title, hit.text) >= ABOUT]
    return list(dict.fromkeys(hit.article_id for hit in (held if weights else hits)))
