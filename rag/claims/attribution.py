"""Whose words a sentence gives: what a source only quotes somebody as saying is no fact, nor another's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from rag import passages
from rag.claims import wording
from rag.claims.numerals import SMALL
from rag.words import STOPWORDS, stem, words

_VERBS = (
    r"(?:sa(?:id|ys|y)|told (?:\w+ )?(?:reporters|journalists|parliament|lawmakers|listeners|viewers)|claim(?:ed|s)"
    r"|den(?:ied|ies)|alleg(?:ed|es)|insist(?:ed|s)|argu(?:ed|es)|admit(?:ted|s)|stress(?:ed|es)|warn(?:ed|s)"
    r"|assert(?:ed|s)|stat(?:ed|es)|add(?:ed|s)|predict(?:ed|s)|believ(?:es|ed)|estimat(?:ed|es)|think|thinks|thought"
    r"|announced|reported|reports|maintain(?:ed|s)|acknowledged|complained|explained|confirmed)"
)
_PRONOUNS = frozenset("he she they it i we who which that this these those".split())
_WHEN = r"(?: (?:on|in|at|late|early|earlier|later|afterwards)\b[^,“”\"]{0,40}?)?"
_FINITE = r"\b(?:was|were|is|are|has|had|have|would|will|could|can|may|must|did|be)\b"
_INVERTED = rf"(?=the |an? |its |his |her |their |one |[A-Z])(?:(?!{_FINITE})[^“”\"]){{2,90}}?"
"""Who stands behind the verb: "said the mayor", but not "said the mayor was ill"."""
_BEHIND = re.compile(
    rf"^(?P<what>.+?)[,”\"’]+ (?:(?P<who>[^,“”\"]{{2,80}}?)(?:, [^,“”\"]+,)? {_VERBS}"
    rf"|{_VERBS} (?P<after>{_INVERTED})){_WHEN}(?P<rest>[,.;].*)?$"
)
_AHEAD = re.compile(
    rf"^(?:.*?[,;] |.* (?:and|but|while) )??(?P<who>[^,;“”\"]{{1,80}}?)(?:, [^,“”\"]+,)?(?: (?:has|had|have|also))?"
    rf" {_VERBS}{_WHEN},? (?:that )?(?P<what>.+)$"
)
_ACCORDING = re.compile(
    r"^[Aa]ccording to (?P<who>[^,]+),(?P<what>.+)$|^(?P<told>.+?),? according to (?P<source>[^,.]+)"
)
_INSIDE = re.compile(rf"^(?P<before>.+), (?P<who>[^,“”\"]{{2,60}}?) {_VERBS}, (?P<behind>.+)$")
_MARKED = re.compile(
    rf"\b{_VERBS}\b|\b(?:according to|in the opinion of|in the words of|quoted)\b|[“\"](?:[^\s”\"]+ ){{3}}",
    re.IGNORECASE,
)
_ALIKE = 0.6
"""Share of a sentence's telling words that must stand in what was said."""
_NEAR = 0.2


@dataclass(frozen=True, slots=True)
class Said:
    """Words that a sentence gives as somebody's."""

    speaker: str
    what: frozenset[str]
    """Stems of the telling words of what was said."""


@dataclass(frozen=True, slots=True)
class Misattribution:
    """What is wrong about whose words the sentence gives."""

    kind: Literal["fact", "other"]
    speaker: str
    """Who said it in the source."""
    claimed: str = ""
    """Who said it in the sentence."""


def misattributed(claim: str, texts: Sequence[str]) -> Misattribution | None:
    """What somebody said told as a fact, or as another's words; nothing where any source tells it so.

    Who "he" or "the mayor" is, is not looked up: two names of one speaker must stand side by side somewhere in the
    sources, or one of them must be a pronoun.
    """
    telling = wording.read(claim).stems
    if not telling:
        return None
    shares = [(_share(telling, whole), said) for text in texts for whole, said in _lines(text)]
    most = max((share for share, _ in shares), default=0.0)
    near = [said for share, said in shares if share >= max(_ALIKE, most - _NEAR)]
    if not near:
        return None
    if not _MARKED.search(claim):
        speakers = [said.speaker for said in near if said and _share(telling, said.what) >= _ALIKE]
        return Misattribution("fact", speakers[0]) if len(speakers) == len(near) else None
    return _other(read(claim), [said for said in near if said], texts)


@lru_cache(maxsize=2048)
def read(sentence: str) -> Said | None:
    """Whose words a sentence gives; nothing if it tells a fact."""
    for pattern in (_ACCORDING, _INSIDE, _BEHIND, _AHEAD):
        if match := pattern.match(sentence):
            parts = match.groupdict()
            speaker = parts.get("who") or parts.get("after") or parts.get("source") or ""
            what = " ".join(filter(None, (parts.get(part) for part in ("what", "told", "before", "behind"))))
            if (stems := wording.read(what).stems) and speaker.strip() and not re.search(_FINITE, speaker):
                return Said(speaker.strip(), stems)
    return None


def _other(claimed: Said | None, said: Sequence[Said], texts: Sequence[str]) -> Misattribution | None:
    if claimed is None or not said or _vague(claimed.speaker):
        return None
    mine = _head(claimed.speaker)
    same = [one for one in said if _share(claimed.what, one.what) >= _ALIKE]
    for one in same:
        theirs = _head(one.speaker)
        if not mine or not theirs or _vague(one.speaker):
            return None
        if mine & theirs and not _other_office(claimed.speaker, one.speaker):
            return None
        if not mine & theirs and _side_by_side(mine, theirs, texts):
            return None
    return Misattribution("other", same[0].speaker, claimed.speaker) if same else None


def _vague(speaker: str) -> bool:
    return bool(_PRONOUNS & set(words(speaker)))


def _head(speaker: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(speaker) if word not in STOPWORDS and word not in SMALL)


def _other_office(one: str, other: str) -> bool:
    """Whether two speakers share all but what they are: "the transport court", "the transport department"."""
    mine, theirs = (_head(speaker.split(" of ")[0]) for speaker in (one, other))
    last, final = (words(speaker.split(" of ")[0])[-1:] for speaker in (one, other))
    return not set(map(stem, last)) & theirs and not set(map(stem, final)) & mine


def _side_by_side(one: frozenset[str], other: frozenset[str], texts: Sequence[str]) -> bool:
    """Whether the two stand in one apposition somewhere, or one follows the other as a title does."""
    return any(one & near and other & near for text in texts for near in _appositions(text))


@lru_cache(maxsize=512)
def _appositions(text: str) -> tuple[frozenset[str], ...]:
    found = re.finditer(r"[^,.;:()“”\"\n]+,[^,.;:()“”\"\n]+(?=,|\.)|(?:[A-Za-z]+ ){1,4}(?:[A-Z][\w’-]+ ?){1,3}", text)
    return tuple(_head(match.group()) for match in found)


@lru_cache(maxsize=512)
def _lines(text: str) -> tuple[tuple[frozenset[str], Said | None], ...]:
    return tuple(_line(text[span.start : span.end]) for span in passages.sentences(text))


def _line(sentence: str) -> tuple[frozenset[str], Said | None]:
    return wording.read(sentence).stems, read(sentence)


def _share(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / len(mine) if mine else 0.0
