"""Sentences are weighed as evidence, and compared in meaning with the question only where that can tell anything."""

from collections.abc import Sequence
from functools import partial

import pytest

from rag import Archive, evidence, question, topic
from rag.embedder import Vectors
from rag.evidence import ENOUGH, Evidence, Sentence
from rag.reader import open_reader
from rag.remembered import bundled_sentences

QUESTIONS = [
    "When was the tunnel beneath Castle Hill broken through?",
    "How many people were killed in the Tesva flood?",
    "When was the last missing man found alive?",
    "By when do the dockers have to vote on the agreement?",
    "Which enzyme breaks down lactose in milk?",
]


class Weighed:
    """A question's sentences weighed, and which texts that took vectors of."""

    def __init__(self, asked: str, sentences: Sequence[Sentence], *, lazily: bool) -> None:
        self.texts: set[str] = set()
        read = question.read(asked)
        settled = partial(topic.held, read, sentences) if lazily else lambda weighed: False
        self.evidence = evidence.weigh(
            read, sentences, rarity=lambda _: 1.0, embed=self._embed, reader=open_reader(), settled=settled
        )
        self.held = topic.held(read, sentences, self.evidence)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        self.texts.update(texts)
        return bundled_sentences().embed(texts)

    @property
    def enough(self) -> list[Evidence]:
        return [one for one in self.evidence if one.score >= ENOUGH]


def sentences(archive: Archive, asked: str) -> list[Sentence]:
    return evidence.candidates(archive.search(asked, k=12), lambda id, _: archive.article(id))


@pytest.mark.parametrize("asked", QUESTIONS)
def test_what_is_not_compared_changes_neither_the_evidence_nor_the_topic(seeded: Archive, asked: str) -> None:
    found = sentences(seeded, asked)
    lazy, full = (Weighed(asked, found, lazily=lazily) for lazily in (True, False))
    assert lazy.enough == full.enough
    assert lazy.held == full.held


def test_what_cannot_become_evidence_is_not_compared(seeded: Archive) -> None:
    asked = QUESTIONS[0]
    found = sentences(seeded, asked)
    lazy, full = (Weighed(asked, found, lazily=lazily) for lazily in (True, False))
    assert full.texts - lazy.texts
    likely = {f"{one.article.title}. {one.quote}" for one in full.enough}
    assert likely <= lazy.texts


def test_all_is_compared_where_it_is_not_certain_that_the_topic_is_held(seeded: Archive) -> None:
    asked = QUESTIONS[-1]
    found = sentences(seeded, asked)
    assert Weighed(asked, found, lazily=True).texts == Weighed(asked, found, lazily=False).texts
