"""A sentence against the words it cites: every number, date, name and quotation in it must stand there.

What is missing is a ``Problem`` and makes the sentence unsupported. What is all there may still say something else: a
negation, a contrary word, or too few words in common make it unsupported or weak too. ``benchmarks/verification.py``
measures how often which of these is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from rag.claims import (
    attribution,
    clauses,
    courtesy,
    dates,
    exchanges,
    modality,
    names,
    quantities,
    quotations,
    retold,
    roles,
    wording,
)
from rag.claims.counted import counted, other_count
from rag.claims.dates import DateMention
from rag.claims.folding import titled, verbatim
from rag.claims.idle import is_idle
from rag.claims.names import Name
from rag.claims.quantities import Quantity
from rag.records import Problem, Verdict

SUPPORTED = 0.5
"""Share of a sentence's telling words that its source must hold for it to count as supported."""
WEAK = 0.25
"""Below this share the source is about something else."""
NEARLY_ALL = 0.8
"""Share of its other words that makes one unknown clause strange where too much of the sentence is unknown."""
FEW = 3
"""Telling words too few for their share to mean anything."""


_YEAR_AGO = re.compile(r"\b(?:(?:a|one) year ago|year-ago|prior[- ]year)\b", re.IGNORECASE)
"""What an unresolved "last year" may be called beside itself."""


@dataclass(frozen=True, slots=True)
class Source:
    """Cited words, and when their article was published."""

    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on one sentence, and why."""

    verdict: Verdict
    problems: tuple[Problem, ...] = ()


def verify(sentence: str, sources: Sequence[Source]) -> Check:
    """Check one sentence against all that it cites, taken together; a quotation must stand in one source whole.

    A problem of kind number, date, name or quotation says that something is missing; more sources never add one.
    Kind "wording" says that the words are there and mean something else, or are too few.
    """
    if not any(source.text.strip() for source in sources):
        return Check("unsupported", (Problem("citation", sentence, "It cites nothing that could bear it."),))
    if any(_says_exactly(source.text, sentence) for source in sources):
        return Check("supported")
    if sentence.rstrip().endswith("?"):
        return _worded("unsupported", sentence, "It asks something, where a statement is wanted.")
    claim = _claim(sentence)
    problems = (
        *_quotations(claim, sources),
        *_dates(claim, sources),
        *_quantities(claim, sources),
        *_names(claim, sources),
        *_otherwise(claim, sources),
    )
    return Check("unsupported", problems) if problems else _wording(claim, sources)


@dataclass(frozen=True, slots=True)
class _Claim:
    """What the sentence states."""

    text: str
    dates: tuple[DateMention, ...]
    quantities: tuple[Quantity, ...]
    names: tuple[Name, ...]
    line: retold.Line

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where its dates, numbers and names stand."""
        spans = [(date.start, date.end) for date in self.dates]
        spans += [(quantity.start, quantity.end) for quantity in self.quantities]
        return spans + [(name.start, name.end) for name in self.names]


@dataclass(frozen=True, slots=True)
class _Read:
    """What one source states."""

    dates: tuple[DateMention, ...]
    quantities: tuple[Quantity, ...]
    lines: tuple[retold.Line, ...]


@lru_cache(maxsize=64)
def _claim(sentence: str) -> _Claim:
    mentions = tuple(dates.find(sentence))
    numbers = tuple(_apart(quantities.find(sentence), mentions))
    found = [name for name in names.find(sentence) if not _within(name.start, name.end, mentions)]
    line = tuple(token for each in retold.lines(sentence, [*mentions, *numbers, *found]) for token in each)
    codes = [name for name in found if name.kind == "code"]
    counts = tuple(
        each for each in numbers if not is_idle(each, sentence) and not _within(each.start, each.end, codes)
    )
    return _Claim(sentence, mentions, counts, tuple(found), line)


@lru_cache(maxsize=1024)
def _read(source: Source) -> _Read:
    mentions = tuple(dates.find(source.text, published=source.published_at))
    counts = tuple(_apart(quantities.find(source.text), mentions))
    return _Read(mentions, counts, retold.lines(source.text, [*mentions, *counts, *names.find(source.text)]))


def _apart(found: Sequence[Quantity], mentions: Sequence[DateMention]) -> Iterator[Quantity]:
    """Numbers that are no part of a date, save the quarter of a year, which the date does not state."""
    return (
        quantity
        for quantity in found
        if not _within(quantity.start, quantity.end, mentions) or _is_quarter(quantity, mentions)
    )


def _is_quarter(quantity: Quantity, mentions: Sequence[DateMention]) -> bool:
    """Whether it is the third of "third quarter of 2021"."""
    return quantity.kind == "ordinal" and any(
        mention.start == quantity.start and mention.month is None for mention in mentions
    )


def _within(start: int, end: int, mentions: Sequence[DateMention | Name]) -> bool:
    return any(mention.start < end and start < mention.end for mention in mentions)


@lru_cache(maxsize=1024)
def _folded(text: str) -> tuple[str, frozenset[int]]:
    """A text folded for comparing, and the places where its lines begin or end."""
    whole, edges = "", {0}
    for line in text.splitlines():
        if folded := verbatim(line):
            whole += (" " if whole else "") + folded
            edges |= {len(whole), len(whole) + 1}
    return whole, frozenset(edges)


@lru_cache(maxsize=512)
def _titled(text: str) -> str:
    return titled(text)


def _says_exactly(text: str, sentence: str) -> bool:
    """Whether the sentence stands in the text as one, not merely its words in a longer one: "It is false that"."""
    whole, edges = _folded(text)
    sought = verbatim(sentence)
    start = whole.find(sought) if sought else -1
    while start >= 0:
        end = start + len(sought)
        begins = start in edges or not _runs_on(whole[:start].rstrip()[-1:])
        ends = end in edges or not _runs_on(sought[-1]) or not _runs_on(whole[end : end + 1])
        if begins and ends:
            return True
        start = whole.find(sought, start + 1)
    return False


def _runs_on(letter: str) -> bool:
    return letter.isalnum() or letter in (",", " ")


def _quotations(claim: _Claim, sources: Sequence[Source]) -> Iterator[Problem]:
    for quotation in quotations.find(claim.text):
        if not any(quotations.held(titled(quotation.words), _titled(source.text)) for source in sources):
            words = quotation.words.strip()
            yield Problem("quotation", words, f"The cited text does not hold the quoted words “{words}”.")


def _dates(claim: _Claim, sources: Sequence[Source]) -> Iterator[Problem]:
    if not claim.dates:
        return
    everything = [mention for source in sources for mention in _read(source).dates]
    # "On Friday" means another day beside another article: it is read anew for each.
    anew = [(dates.find(claim.text, published=source.published_at), _read(source).dates) for source in sources]
    for place, mention in enumerate(claim.dates):
        if dates.held(mention, everything) or any(dates.held(own[place], said) for own, said in anew):
            continue
        if mention.stated == (mention.year, None, None, None) and _has_digits(mention.words, sources):
            continue
        if mention.words.lower() == "last year" and any(_YEAR_AGO.search(source.text) for source in sources):
            continue
        yield Problem("date", mention.words, f"The cited text does not give the date “{mention.words}”.")


def _has_digits(words: str, sources: Sequence[Source]) -> bool:
    return any(re.search(rf"(?<!\d){re.escape(words)}(?!\d)", source.text) for source in sources)


def _quantities(claim: _Claim, sources: Sequence[Source]) -> Iterator[Problem]:
    said = _said(sources) if claim.quantities else []
    for claimed in claim.quantities:
        if not quantities.held(claimed, [quantity for quantity, _ in said]):
            hint = _likeliest(claimed, claim.text, said)
            yield Problem("number", claimed.words, f"The cited text does not say “{claimed.words}”{hint}.")


def _said(sources: Sequence[Source]) -> list[tuple[Quantity, str]]:
    """Each number of the sources with the text it stands in."""
    return [(quantity, source.text) for source in sources for quantity in _read(source).quantities]


def _likeliest(claimed: Quantity, sentence: str, said: Sequence[tuple[Quantity, str]]) -> str:
    """What the sources say of the same thing instead, as the end of a message."""
    things = set(counted(claimed, sentence))
    same = [
        quantity for quantity, text in said if quantity.kind == claimed.kind and set(counted(quantity, text)) & things
    ]
    if not same and claimed.kind != "number":
        same = [quantity for quantity, _ in said if quantity.kind == claimed.kind]
    different = list(dict.fromkeys(quantity.words for quantity in same))
    return f"; it says “{different[0]}”" if len(different) == 1 else ""


def _names(claim: _Claim, sources: Sequence[Source]) -> Iterator[Problem]:
    opening = next((name.words for name in claim.names if not claim.text[: name.start].strip()), None)
    for name in dict.fromkeys(name.words for name in claim.names):
        if name == opening and any(names.is_plural(name, source.text) for source in sources):
            continue
        if not any(names.matches(name, source.text) for source in sources):
            yield Problem("name", name, f"The cited text does not name “{name}”.")


def _otherwise(claim: _Claim, sources: Sequence[Source]) -> Iterator[Problem]:
    """Words that the sources have in another form: "Mrs. Hart" for "Mr. Hart", "tripled" for "doubled"."""
    for words in courtesy.exchanged(claim.text, tuple(source.text for source in sources)):
        yield Problem("wording", words, f"The cited text has another title than “{words}”.")
    grown = quantities.grown_otherwise(claim.text, [quantity for quantity, _ in _said(sources)])
    for quantity in grown:
        yield Problem(
            "wording", quantity.words, f"The cited text does not say “{quantity.words}” but another growth."
        )


def _wording(claim: _Claim, sources: Sequence[Source]) -> Check:
    """The check of a sentence in which nothing is missing: its source may still say something else."""
    if contrary := _contrary(claim, sources):
        words, how = contrary
        message = f"The cited text says the contrary of “{words}”: {how}."
        return Check("unsupported", (Problem("wording", words, message),))
    claimed = wording.read(claim.text)
    said = [each for source in sources for each in wording.sentences(source.text)]
    held = len(claim.dates) + len(claim.quantities)
    if not claimed.stems and not held:
        return _worded("unsupported", claim.text, "It says nothing that a text could bear.")
    texts = [source.text for source in sources]
    share = wording.coverage(claimed, said, held=held)
    least = 0.0 if share >= SUPPORTED else NEARLY_ALL
    if odd := clauses.strange(claim.text, said, claim.spans, least=least):
        return _worded("unsupported", odd, f"The cited text says nothing of “{odd}”.")
    unsaid = clauses.predicate(claim.text, said, claim.spans)
    if unsaid and len(claimed.stems) < FEW:
        return _worded("unsupported", unsaid, f"The cited text does not say “{unsaid}”.")
    if share < SUPPORTED:
        weak = share >= WEAK or (share > 0 and len(claimed.stems) < FEW) or wording.unspaced(claim.text, texts)
        message = f"Only {share:.0%} of what it says is in the cited text in the same words."
        return _worded("weak" if weak else "unsupported", claim.text, message)
    if unsaid := unsaid or clauses.loose(claim.text, said, claim.spans):
        return _worded("weak", unsaid, f"The cited text does not say “{unsaid}” in the same words.")
    if mark := modality.overstated(claim.text, claimed, texts):
        return _worded("weak", claim.text, f"It tells as a fact what the cited text leaves open with “{mark}”.")
    return _retold(claim, sources) or _attributed(claim, texts) or Check("supported")


def _retold(claim: _Claim, sources: Sequence[Source]) -> Check | None:
    """The check of a sentence that is one of the sources' but for words that turn it."""
    found = retold.changed(claim.line, [line for source in sources for line in _read(source).lines])
    if found is None:
        return None
    words, how = found
    return _worded("weak", words, f"The cited text may not mean “{words}”: {how}.")


def _attributed(claim: _Claim, texts: Sequence[str]) -> Check | None:
    """The check of a sentence that tells another's words as a fact, or as somebody else's."""
    found = attribution.misattributed(claim.text, texts)
    if found is None:
        return None
    if found.kind == "fact":
        return _worded("weak", claim.text, f"The cited text gives this as what {found.speaker} said.")
    message = f"The cited text gives this as what {found.speaker} said, not {found.claimed}."
    return _worded("unsupported", found.claimed, message)


def _contrary(claim: _Claim, sources: Sequence[Source]) -> tuple[str, str] | None:
    """Words of which the sources say the contrary, and how."""
    claimed = wording.read(claim.text)
    texts = [source.text for source in sources]
    said = [each for text in texts for each in wording.sentences(text)]
    for quantity in claim.quantities:
        if other := other_count(quantity, claim.text, _said(sources)):
            return quantity.words, f"of this it says “{other.words}”"
    if word := wording.turned(claimed, said):
        return wording.as_written(word, claim.text), "one of the two denies this"
    if pair := wording.exchanged(claimed, said):
        return wording.as_written(pair[0], claim.text), "it has the opposite word"
    if words := roles.swapped(claim.text, claim.names, texts):
        return words, "it has the two the other way round"
    if numbers := exchanges.exchanged(claim.text, claim.quantities, texts):
        return " / ".join(numbers), "it has the two numbers the other way round"
    return None


def _worded(verdict: Verdict, words: str, message: str) -> Check:
    return Check(verdict, (Problem("wording", words, message),))
