"""Who did it to whom: "Halvik beat Rosenborg" is not borne out by "Rosenborg beat Halvik"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag import passages
from rag.claims import names
from rag.claims.aliases import key
from rag.claims.lexicon import common
from rag.claims.names import Name
from rag.words import stem

_DEED = re.compile(
    r"[ ](?:(?:has|had|have|is|was|will|would|could|may|might|did|also|then|later|not|\w+ly)[ ])*"
    r"(?P<deed>[a-z]{3,})(?P<rest>(?:[ ][\w'’-]+){0,5})[ ](?:the[ ])?"
)
"""From the end of one name to the start of the next: a verb, and little more."""
_BARS = re.compile(
    r"\b(?:by|of|in|at|for|from|and|or|that|who|which|as|near|on|but|while|because|after|before|than)\b"
)
_WITH_EACH_OTHER = frozenset(
    stem(word)
    for word in """
    meet met meeting talk talks talked spoke speak discuss discussed marry married play played face faced join joined
    sign signed agree agreed fought fight share shared draw drew exchange exchanged say said says saying add added
    tell     told tells announce announced argue argued warn warned and with versus are were
    """.split()
)


@dataclass(frozen=True, slots=True)
class _Deed:
    """One name, a verb's stem, another name; names as the keys of their telling words."""

    doer: frozenset[str]
    verb: str
    other: frozenset[str]
    words: str

    def turns(self, said: _Deed) -> bool:
        return self.verb == said.verb and bool(self.doer & said.other) and bool(self.other & said.doer)

    def repeats(self, said: _Deed) -> bool:
        return self.verb == said.verb and bool(self.doer & said.doer) and bool(self.other & said.other)


def swapped(sentence: str, found: Sequence[Name], texts: Sequence[str]) -> str | None:
    """Words in which two names have changed places: the sources have them the other way round only.

    ``found`` are the names of the sentence.
    """
    claimed = list(_deeds(sentence, found))
    said = [deed for text in texts for deed in _said(text)] if claimed else []
    for deed in claimed:
        if any(deed.turns(each) for each in said) and not any(deed.repeats(each) for each in said):
            return deed.words
    return None


@lru_cache(maxsize=512)
def _said(text: str) -> tuple[_Deed, ...]:
    return tuple(deed for span in passages.sentences(text) for deed in _own(text[span.start : span.end]))


def _own(sentence: str) -> Iterator[_Deed]:
    return _deeds(sentence, names.find(sentence))


def _deeds(sentence: str, found: Sequence[Name]) -> Iterator[_Deed]:
    for one, two in pairwise(name for name in found if name.kind == "name"):
        between = _DEED.fullmatch(sentence[one.end : two.start])
        if between is None or _BARS.search(between.group()):
            continue
        doer, verb, other = _keys(one.words), stem(between["deed"]), _keys(two.words)
        if verb not in _WITH_EACH_OTHER and not doer & other:
            yield _Deed(doer, verb, other, sentence[one.start : two.end])


def _keys(name: str) -> frozenset[str]:
    words = [word for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", name) if word[0].isupper()]
    return frozenset(key(word) for word in words if not common(word)) or frozenset(map(key, words))
