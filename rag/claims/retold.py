"""A sentence of a source told again with a few words changed, and whether these words turn what it says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import pairwise

from rag.claims.aliases import key
from rag.claims.antonyms import ANTONYMS
from rag.claims.dates import DateMention
from rag.claims.names import Name
from rag.claims.quantities import Quantity, held
from rag.passages import sentences
from rag.words import STOPWORDS, stem, words

_ALIKE = 0.5
"""Share of a sentence's tokens that a sentence of a source must have in the same order to be the one retold."""
_NEAR = 0.1
"""Sentences less alike than the likest by more than this are not the one retold."""
_FEWEST = 2
"""Telling words that something added must have, all unknown to the sources, half of them in a cause."""
_CLOSE = 6
"""Tokens of two names that stand one for the other, with the titles and first names before them."""
_TOKEN = re.compile(r"n['’]t\b|[^\W_]+?(?=n['’]t\b)|[^\W_]+(?:['’](?!s\b)[^\W_]+)?")
_NEGATIVE = frozenset(
    """
    not n't never no none nobody nothing neither nor cannot without hardly barely scarcely unable
    fail fails failed failing refuse refuses refused refusing deny denies denied denying decline declines declined
    declining reject rejects rejected rejecting
    """.split()
)
_SMALL = """
before/after until/since till/since with/without more/fewer more/less up/down inside/outside above/below
first/last still/longer always/never often/seldom often/rarely all/none all/some everybody/nobody everyone/nobody
everybody/somebody only/also over/under for/against
""".split()
_TURNS = frozenset(tuple(pair.split("/")) for pair in _SMALL) | frozenset(
    tuple(reversed(pair.split("/"))) for pair in _SMALL
)
"""Pairs of small words of which one in the place of the other says the contrary."""
_CAUSES = frozenset(map(stem, "because due owing thanks following amid".split()))
_ROUGH = ("vague", "times", "fraction", "implied")
"""Kinds of number that may stand where a plain one stood."""

Fact = Quantity | DateMention | Name


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or name of a sentence."""

    form: str
    """Equal where two tokens say the same."""
    words: str
    fact: Fact | None = None


Line = tuple[Token, ...]


def lines(text: str, facts: Sequence[Fact]) -> tuple[Line, ...]:
    """The tokens of each sentence of a text, given its numbers, dates and names; of two that overlap the first."""
    facts = sorted(facts, key=lambda fact: fact.start)
    return tuple(
        tuple(_tokens(text, span.start, span.end, [fact for fact in facts if span.start <= fact.start < span.end]))
        for span in sentences(text)
    )


def changed(claim: Line, said: Sequence[Line]) -> tuple[str, str] | None:
    """Words of the sentence that change what a source says, and how; nothing if another source sentence has them.

    ``said`` are the sentences of all the sources. Words left out at an end, put elsewhere or replaced by words of the
    same meaning change nothing that can be told here.
    """
    likeness = [(_likeness(claim, line), line) for line in said]
    most = max((share for share, _ in likeness), default=0.0)
    known = frozenset(token.form for line in said for token in line)
    found = None
    for share, line in likeness:
        if share >= max(_ALIKE, most - _NEAR):
            found = _turn(claim, line, known)
            if found is None:
                return None
    return found


def _tokens(text: str, start: int, end: int, facts: Sequence[Fact]) -> Iterator[Token]:
    place = start
    for fact in facts:
        if fact.start >= place:
            yield from _words(text[place : fact.start])
            yield Token(_form(fact), fact.words, fact)
            place = fact.end
    yield from _words(text[place:end])


def _words(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word.lower() not in ("a", "an", "the", "that", "s"):
            yield Token(stem(next(iter(words(word)), word.lower())), word)


def _form(fact: Fact) -> str:
    if isinstance(fact, Quantity):
        return f"# {fact.kind} {fact.value}"
    return " ".join(key(word) for word in re.findall(r"\w+", fact.words)[-1:]) or fact.words


def _likeness(claim: Line, line: Line) -> float:
    forms, others = [token.form for token in claim], {token.form for token in line}
    if not forms or len(others & set(forms)) < _ALIKE * len(set(forms)):
        return 0.0
    matcher = SequenceMatcher(None, [token.form for token in line], forms, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(forms)


@dataclass(frozen=True, slots=True)
class _Edit:
    """Tokens of a source's sentence and what a claim has in their place."""

    line: Line
    claim: Line
    old: Line
    new: Line
    opens: bool
    """Whether it stands at the start of either."""
    closes: bool
    """Whether it stands at the end of either."""


def _turn(claim: Line, line: Line, known: frozenset[str]) -> tuple[str, str] | None:
    forms, others = [token.form for token in claim], [token.form for token in line]
    matcher = SequenceMatcher(None, others, forms, autojunk=False)
    for how, low, high, start, end in matcher.get_opcodes():
        if how == "equal":
            continue
        opens, closes = 0 in (low, start), high == len(line) or end == len(claim)
        edit = _Edit(line, claim, line[low:high], claim[start:end], opens, closes)
        if found := _negation(edit) or _contrary(edit) or _other_fact(edit, known) or _addition(edit, known):
            return found
    return None


def _negation(edit: _Edit) -> tuple[str, str] | None:
    """A negation put in or taken away; one that goes with the words left out around it takes nothing away."""
    before, after = _negatives(edit.old), _negatives(edit.new)
    more = _negatives(edit.claim) - _negatives(edit.line)
    if after and not before and more > 0:
        return _text(edit.new), "it does not deny this"
    gone = [token for token in edit.old if token.form not in STOPWORDS and token.words.lower() not in _NEGATIVE]
    leaves = (edit.opens or edit.closes) and not edit.new
    if before and not after and more < 0 and not leaves and len(gone) <= max(1, len(edit.new)):
        return _text(edit.new) or _text(edit.old), f"it says “{_text(edit.old)}” there"
    return None


def _negatives(tokens: Line) -> int:
    listed = [token.words.lower().replace("’", "'") for token in tokens]
    return sum(word in _NEGATIVE for word in listed) + sum(pair == ("no", "longer") for pair in pairwise(listed))


def _contrary(edit: _Edit) -> tuple[str, str] | None:
    """One word in the place of its contrary."""
    for one in edit.old:
        for two in edit.new:
            pair = (one.words.lower(), two.words.lower())
            if pair in _TURNS or two.form in ANTONYMS.get(one.form, ()):
                return two.words, f"it says “{one.words}”"
    return None


def _other_fact(edit: _Edit, known: frozenset[str]) -> tuple[str, str] | None:
    """A number, date or name in the place of another that the sentence does not have elsewhere."""
    kept, had = Counter(token.form for token in edit.claim), Counter(token.form for token in edit.line)
    for two in edit.new:
        strange = isinstance(two.fact, Name) and (two.form not in known or len(edit.old + edit.new) > _CLOSE)
        if strange or two.fact is None or had[two.form] >= kept[two.form]:
            continue
        for one in edit.old:
            if one.form not in kept and _differs(one, two):
                return two.words, f"it says “{one.words}”"
    return None


def _differs(one: Token, two: Token) -> bool:
    """Whether two facts cannot both be meant."""
    match one.fact, two.fact:
        case Quantity() as said, Quantity() as claimed:
            return _counts_differ(said, claimed)
        case DateMention() as said, DateMention() as claimed:
            return any(
                mine is not None and theirs is not None and mine != theirs
                for mine, theirs in zip(claimed.stated, said.stated, strict=True)
            )
        case Name() as said, Name() as claimed:
            return said.kind == claimed.kind == "name" and not _keys(said) & _keys(claimed)
    return False


def _counts_differ(said: Quantity, claimed: Quantity) -> bool:
    """Whether one number stands for another: of the same thing, or the same number of something else."""
    if claimed.kind == "vague":
        return _stated(said) < 2 * claimed.value
    if held(claimed, [said]):
        return False
    if claimed.kind in _ROUGH:
        return True
    return said.kind == claimed.kind or (said.value == claimed.value and "number" not in (said.kind, claimed.kind))


def _stated(said: Quantity) -> Fraction:
    """The figure as it is written: 14 of "14 kilometres", whose value is in metres."""
    figure = re.match(r"\d+", said.words.replace(",", ""))
    return Fraction(figure[0]) if figure else said.value


def _keys(name: Name) -> frozenset[str]:
    return frozenset(key(word) for word in re.findall(r"[^\W\d_]{2,}", name.words))


def _addition(edit: _Edit, known: frozenset[str]) -> tuple[str, str] | None:
    """A cause, or anything put in behind the first words, of which the sources know nothing."""
    cause = any(token.form in _CAUSES for token in edit.new[:1])
    told = edit.new[1:] if cause else edit.new
    telling = [token for token in told if token.words.lower() not in STOPWORDS and token.fact is None]
    strange = sum(token.form not in known for token in telling)
    enough = strange >= len(telling) / 2 if cause else not (edit.old or edit.opens) and strange == len(telling)
    if len(telling) < _FEWEST or not enough:
        return None
    return _text(edit.new), "it says nothing of this"


def _text(tokens: Line) -> str:
    return " ".join(token.words for token in tokens)
