"""What a sentence says beside its numbers and names: its telling words, and which of them it denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag import passages
from rag.claims.antonyms import ANTONYMS
from rag.words import STOPWORDS, stem, words

_NOT = frozenset("not never cannot neither nor hardly unable".split())
_NO = frozenset("no without".split())
_DENIES = frozenset("deny denies denied denying refuse refuses refused refusing".split())
_SOFTLY = frozenset(
    """
    fail fails failed failing reject rejects rejected rejecting decline declines declined declining ban bans
    banned prevent prevents prevented avoid avoids avoided lack lacks lacked lacking stop stops stopped rarely
    barely scarcely seldom few little instead rather except nothing nobody none free zero absence absent
    unlikely
    """.split()
)
"""Words that may say "not" in another way; beside one of them nothing is concluded."""
_UNTRUE = frozenset("false untrue".split())
_TRUE = frozenset("true evidence proof sign case indication clear".split())
"""What is not there where a whole clause is denied: "no evidence that"."""
_NOT_ONLY = tuple([word] for word in "only just least merely simply necessarily yet".split())
_ENDS = frozenset("and but or while whereas because although though if when that which who".split())
"""Words that end what a negation governs."""
_REACH = 5
_CLAUSES = re.compile(rf"[,;:—–“”\"()]|\b(?:{'|'.join(sorted(_ENDS))})\b", re.IGNORECASE)
_VOTED = r"\b(voted(?: (?:\d+|to|by|on|[A-Z]\w+day|night|morning|evening|narrowly|overwhelmingly|unanimously))*)"
_PLAIN = (
    (re.compile(r"\b(?:go(?:es|ing|ne)?|went) up (?=by\b)", re.IGNORECASE), "rose "),
    (re.compile(r"\b(?:go(?:es|ing|ne)?|went) down (?=by\b)", re.IGNORECASE), "fell "),
    (re.compile(rf"{_VOTED} (?:for|in favou?r of)\b"), r"\1 pro"),
    (re.compile(rf"{_VOTED} against\b"), r"\1 contra"),
    (re.compile(r"(?<=\d )more\b(?! than)"), "additional"),
)
"""Small words that turn a sentence round, and telling ones to compare in their place."""
_SAYS = frozenset(
    stem(word)
    for word in """
    said say says saying told tells reported reports reportedly according stated states added adds noted notes
    announced announces article report news also however meanwhile including
    """.split()
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_ALIKE = 0.6
"""Share of a sentence's telling words that another must have for the two to be held against each other."""
_NEAR = 0.2
"""Sentences less alike than the likest by more than this do not say what it means."""
_CLAUSE = 0.5
"""Share of the other's words that must be in the sentence, where it is the other that denies something."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The telling words of one sentence, stemmed."""

    stems: frozenset[str]
    denied: tuple[frozenset[str], ...]
    """For each negation the words it governs."""
    affirmed: frozenset[str]
    """Words that stand at least once outside every negation."""
    negates: bool
    """Whether anything in it may say "not"."""
    softened: frozenset[str]
    """Words in whose clause another may say "not"."""


@lru_cache(maxsize=4096)
def read(sentence: str) -> Wording:
    """The wording of one sentence."""
    sentence = _plain(sentence)
    listed = words(sentence)
    groups = [group for place, word in enumerate(listed) if (group := _governed(listed, place, word))]
    governed = {place for group in groups for place in group}
    telling = [
        (place, stem(word)) for place, word in enumerate(listed) if word not in STOPWORDS and not _negator(word)
    ]
    negates = any(map(_says_not, listed))
    return Wording(
        frozenset(word for _, word in telling) - _SAYS,
        tuple(frozenset(stem(listed[place]) for place in group) for group in groups),
        frozenset(word for place, word in telling if place not in governed),
        negates,
        frozenset(_softened(sentence)) if negates else frozenset(),
    )


def _plain(sentence: str) -> str:
    for pattern, plain in _PLAIN:
        sentence = pattern.sub(plain, sentence)
    return sentence


def _softened(sentence: str) -> Iterator[str]:
    """Telling words that share their clause with another word that may say "not"."""
    for clause in _CLAUSES.split(sentence):
        listed = words(clause)
        softly = {stem(word) for word in listed if _says_not(word)}
        yield from (own for word in listed if softly - {own := stem(word)})


def _says_not(word: str) -> bool:
    return _negator(word) or word in _SOFTLY or "n't" in word


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Wording, ...]:
    """The wording of each sentence of a text."""
    return tuple(read(text[span.start : span.end]) for span in passages.sentences(text))


def coverage(sentence: Wording, said: Sequence[Wording], *, held: int = 0) -> float:
    """Share of the sentence's telling words that were said; ``held`` counts what is known to be said otherwise."""
    telling = {word for word in sentence.stems if not any(map(str.isdigit, word))}
    if not telling:
        return 1.0
    found = telling & frozenset[str]().union(*(each.stems for each in said))
    return (len(found) + held) / (len(telling) + held)


def unspaced(sentence: str, texts: Sequence[str]) -> bool:
    """Whether the sentence is in a script without blanks, as Chinese, and half of its letters stand in the texts."""
    letters = set(_UNSPACED.findall(sentence))
    return bool(letters) and len(letters & set("".join(texts))) >= len(letters) / 2


def turned(sentence: Wording, said: Sequence[Wording]) -> str | None:
    """A word that the sentence denies where its source affirms it, or the other way round.

    Only where one of the two has no negation at all: which of several means which is beyond this.
    """
    close = [each for each in said if _share(sentence, each) >= _ALIKE]
    for one, other, needed in ((sentence, None, 0.0), (None, sentence, _CLAUSE)):
        for each in close:
            denying, affirming = one or each, other or each
            if affirming.negates or _share(each, sentence) < needed:
                continue
            for group in denying.denied:
                if group <= affirming.affirmed and not _both_ways(group, sentence, close, one is sentence):
                    return min(group)
    return None


def _both_ways(group: frozenset[str], sentence: Wording, said: Sequence[Wording], denies: bool) -> bool:
    """Whether what is said also says it as the sentence does, or either side says it both ways."""
    if denies:
        return bool(group & sentence.affirmed) or any(group & other for each in said for other in each.denied)
    return any(group <= each.affirmed for each in said)


def exchanged(sentence: Wording, said: Sequence[Wording]) -> tuple[str, str] | None:
    """A word of the sentence for which its source has the contrary, and that contrary."""
    likest = max((_share(sentence, each) for each in said), default=0.0)
    near = [each for each in said if _share(sentence, each) >= likest - _NEAR]
    close = [each for each in near if _share(sentence, each) >= _ALIKE - 0.1]
    everything = frozenset[str]().union(*(each.stems for each in near))
    for word in sorted(sentence.stems - everything - sentence.softened):
        for each in close:
            contrary = (ANTONYMS.get(word, frozenset()) & each.stems) - sentence.stems - each.softened
            # "Reduce" beside a source with both "increase" and "fall" may be the fall.
            if contrary and not any(ANTONYMS[opposite] & everything for opposite in contrary):
                return word, min(contrary)
    return None


def _share(sentence: Wording, other: Wording) -> float:
    return len(sentence.stems & other.stems) / len(sentence.stems) if sentence.stems else 0.0


def _negator(word: str) -> bool:
    return word in _NOT or word in _NO or word in _DENIES or word.endswith("n't")


def _governed(listed: list[str], place: int, word: str) -> tuple[int, ...]:
    """Places of the words that the negation at ``place`` governs; none where there is no negation."""
    following = listed[place + 1 : place + 1 + _REACH]
    if not (_negator(word) or word in _UNTRUE) or following[:1] in _NOT_ONLY:
        return ()
    if listed[max(0, place - 2) : place] == ["with", "or"]:
        return ()
    clause = _clause(following)
    if word in _UNTRUE and not clause:
        return ()
    return tuple(_telling(following[clause:], place + 1 + clause))[: 2 if word in _NO else 1]


def _clause(following: list[str]) -> int:
    """Words up to the clause that is denied as a whole: three in "not true that he left"."""
    that = following.index("that") if "that" in following[:4] else -1
    before = [word for word in following[: max(0, that)] if word not in STOPWORDS]
    return that + 1 if that >= 0 and all(word in _TRUE for word in before) else 0


def _telling(following: list[str], start: int) -> Iterator[int]:
    for place, word in enumerate(following, start):
        if word in _ENDS:
            return
        if word not in STOPWORDS and not word.endswith("ly"):
            yield place


def as_written(stemmed: str, sentence: str) -> str:
    """The word of the sentence that has the stem."""
    for match in re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", sentence):
        if stemmed in {stem(word) for word in words(match.group())}:
            return match.group()
    return stemmed
