"""Questions made of sentences by asking for what was left out, to learn how words meet before real questions come.

After Lewis, Denoyer and Riedel, *Unsupervised Question Answering by Cloze Translation*, ACL 2019. A changed question
asks for what its passage does not say: another name, number or word stands in it, or the sentence is taken out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag import networks, passages
from rag.claims import dates, names, quantities
from rag.embedder import Embedder
from rag.models.reader.examples import Example
from rag.reader import QUESTION, Page, row
from rag.records import Article, Span
from rag.words import STOPWORDS

EACH = 4
"""Questions made of one passage."""
CHANGED, ABSENT = 0.35, 0.2
"""Of them, those with a word changed, and those whose sentence is taken out of the passage."""
WINDOW = 11
"""Words kept on either side of what was left out."""
KEPT, KEPT_SMALL = 0.9, 0.6
"""How often a word stays in the question, and a word that carries no meaning."""
FRONTED = 0.6
"""How often the question word comes first."""
SHORTEST = 7
"""Words of a sentence that a question is made from."""
_WORD = re.compile(r"\S+")
_STRIPPED = " ,.;:!?()[]“”\"‘’'«»—–-"


@dataclass(frozen=True, slots=True)
class Hidden:
    """A name, number or date of a text, and what asks for it."""

    start: int
    end: int
    words: str
    kind: str
    asking: tuple[str, ...]


def cloze(articles: Sequence[Article], embedder: Embedder, draw: random.Random) -> Iterator[Example]:
    """Questions on every passage of the articles, each beside that passage."""
    pool = _pool(articles)
    for article in articles:
        found = passages.sentences(article.text, article.language)
        for span in passages.spans(article, offsets=embedder.offsets, limit=embedder.limit):
            inside = [one for one in found if span.start <= one.start and one.end <= span.end]
            for _ in range(EACH if inside else 0):
                if example := _example(article, span, inside, pool, draw):
                    yield example


def _example(
    article: Article, span: Span, inside: Sequence[Span], pool: dict[str, list[str]], draw: random.Random
) -> Example | None:
    sentence = draw.choice(inside)
    text = article.text[sentence.start : sentence.end]
    hidden = _hidden(text)
    if not hidden or len(text.split()) < SHORTEST:
        return None
    asked = draw.choice(hidden)
    chance = draw.random()
    question = _question(text, asked, draw)
    if changed := chance < CHANGED:
        question = _changed(question, [one for one in hidden if one is not asked], pool, draw)
    absent = CHANGED <= chance < CHANGED + ABSENT and len(inside) > 1
    body, sentences = _page(article.text, span, inside, sentence if absent else None)
    answer = Span(sentence.start - span.start + asked.start, sentence.start - span.start + asked.end)
    pieces = row(networks.pieces(question).ids[:QUESTION], Page(article.title, body, sentences))
    answers = not changed and not absent
    return Example(
        pieces,
        tuple(pieces.within(one) for one in sentences),
        tuple(answers and answer in one for one in sentences),
        tuple(range(*pieces.within(answer))) if answers else (),
    )


def _page(text: str, span: Span, inside: Sequence[Span], absent: Span | None) -> tuple[str, tuple[Span, ...]]:
    """The passage and its sentences, without the one that is to be absent."""
    if absent is None:
        return text[span.start : span.end], tuple(
            Span(one.start - span.start, one.end - span.start) for one in inside
        )
    body, sentences = "", []
    for one in inside:
        if one != absent:
            sentences.append(Span(len(body), len(body) + one.end - one.start))
            body += text[one.start : one.end] + " "
    return body, tuple(sentences)


def _question(text: str, asked: Hidden, draw: random.Random) -> str:
    before = [word.group().strip(_STRIPPED) for word in _WORD.finditer(text, 0, asked.start)][-WINDOW:]
    after = [word.group().strip(_STRIPPED) for word in _WORD.finditer(text, asked.end)][:WINDOW]
    left, right = (_thinned(part, draw) for part in (before, after))
    word = draw.choice(asked.asking)
    if draw.random() > FRONTED:
        return " ".join([*left, word, *right])
    return " ".join([word, *right, *left] if draw.random() < 0.5 else [word, *left, *right]) + "?"


def _thinned(part: Sequence[str], draw: random.Random) -> list[str]:
    return [word for word in part if word and draw.random() < (KEPT_SMALL if word.lower() in STOPWORDS else KEPT)]


def _changed(question: str, others: Sequence[Hidden], pool: dict[str, list[str]], draw: random.Random) -> str:
    """The question with a name or number of another text in the place of its own, else with another word."""
    places = [other for other in others if other.words in question and pool[other.kind]]
    if places:
        other = draw.choice(places)
        return question.replace(other.words, draw.choice(pool[other.kind]))
    telling = [word for word in question.split() if len(word) > 4 and word.lower() not in STOPWORDS]
    return question.replace(draw.choice(telling), draw.choice(pool["word"])) if telling else "what " + question[::-1]


def _hidden(text: str) -> list[Hidden]:
    days = [day for day in dates.find(text) if day.year or day.month or day.weekday is not None]
    found = [
        Hidden(day.start, day.end, day.words, "date", ("when", "what date", "what year" if day.year else "what day"))
        for day in days
    ]
    for number in quantities.find(text):
        if not any(day.start < number.end and number.start < day.end for day in days):
            found.append(Hidden(number.start, number.end, number.words, number.kind, _measuring(number.kind)))
    asking = ("who", "who", "what", "where", "which", "which one", "whose")
    found += [Hidden(name.start, name.end, name.words, "name", asking) for name in names.find(text)]
    return found


def _measuring(kind: str) -> tuple[str, ...]:
    if kind == "percent":
        return ("what percentage", "how much")
    return ("how many", "what number of") if kind in ("number", "vague") else ("how much", "how long", "what")


def _pool(articles: Sequence[Article]) -> dict[str, list[str]]:
    """What may stand in for what, by kind, over all texts."""
    found = sorted((one.kind, one.words) for article in articles for one in _hidden(article.text))
    pool = {kind: [words for _, words in group] for kind, group in groupby(found, key=lambda pair: pair[0])}
    words = sorted({word.strip(_STRIPPED) for article in articles for word in article.text.split()})
    return pool | {"word": [word for word in words if word.isalpha() and word.islower() and len(word) > 4]}
