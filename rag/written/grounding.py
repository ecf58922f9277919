"""A sentence that a model wrote -> the words of the passages it cites that bear it, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from rag import passages
from rag.citing import Checked, Passed, Piece
from rag.claims import clauses
from rag.claims.numerals import STEMS
from rag.claims.spelling import misspelt
from rag.orders import code, gives_orders, orders_a_program
from rag.records import Problem, Span
from rag.verify import Check, Source, verify
from rag.words import STOPWORDS, stem, stems, words
from rag.written.markers import Marked
from rag.written.stating import asks, states_nothing

_ORDER = ("unsupported", "weak", "supported")
_NEARLY_ALL = 0.8
"""Share of its words that a passage must hold to be found for a sentence that does not cite it."""
_A_LITTLE = 0.25
"""Share of the words of each part of a sentence that passages with orders to a reader must hold."""
_TRIED = 3
"""Passages in which the words of a sentence are looked for that cites none, or a wrong one."""


def ground(marked: Marked, passed: Sequence[Passed], place: float = 0) -> Checked:
    """A sentence tied to the narrowest words of what it cites that bear it.

    Passages are cited by their place in ``passed``, from 1. One that cites nothing is tied to the passage that bears
    it without a doubt, if there is one. One that cites what does not exist, or does not bear it, is unsupported, also
    where another passage would bear it: a reader who follows a number must find the words there.
    """
    if nothing := states_nothing(marked.text):
        return Checked(marked.text, (), Check("unsupported", (nothing,)), place)
    checked = _tied(marked, passed, place)
    if checked.check.verdict == "unsupported" or _verbatim(checked):
        return checked
    if foreign := _misspelt(checked, passed) or _ordered(checked, passed):
        return replace(checked, check=Check("unsupported", (*checked.check.problems, foreign)))
    return checked


def _verbatim(checked: Checked) -> bool:
    """Whether what is cited, which never gives orders, has the sentence word for word."""
    told = " ".join(words(checked.text))
    return any(told == " ".join(words(piece.quote)) for piece in checked.cited)


def _tied(marked: Marked, passed: Sequence[Passed], place: float) -> Checked:
    invented = [number for number in marked.numbers if not 1 <= number <= len(passed)]
    if invented:
        return _rejected(marked.text, f"There is no passage {_brackets(invented)}.", _brackets(invented), place)
    if not marked.numbers:
        number, found = _bearing(marked.text, range(1, len(passed) + 1), passed)
        return replace(found, place=place) if found else _rejected(marked.text, "It cites no passage.", "", place)
    checked = replace(_best(marked.text, [passed[number - 1] for number in marked.numbers]), place=place)
    if checked.check.verdict != "unsupported":
        return checked
    others = [number for number in range(1, len(passed) + 1) if number not in marked.numbers]
    number, found = _bearing(marked.text, others, passed)
    if found is None:
        return checked
    elsewhere = Problem("citation", _brackets(marked.numbers), f"Passage [{number}] bears it, not the one cited.")
    return replace(checked, check=Check("unsupported", (*checked.check.problems, elsewhere)))


def _best(text: str, cited: Sequence[Passed]) -> Checked:
    """The best verdict that the words of these passages allow, with the fewest of them that allow it."""
    tried = []
    for pieces in _ever_wider(text, cited):
        tried.append(_check(text, pieces))
        if tried[-1].check.verdict == "supported":
            break
    if not tried:
        return _rejected(text, "What it cites gives orders instead of telling news.", "")
    best = max(tried, key=lambda one: _ORDER.index(one.check.verdict))
    return _without_idle(best)


def _check(text: str, pieces: tuple[Piece, ...]) -> Checked:
    return Checked(text, pieces, verify(text, [*(piece.evidence for piece in pieces), *_outlets(pieces)]))


def _without_idle(checked: Checked) -> Checked:
    """The sentence without citations that add nothing: the others alone allow the same verdict."""
    for piece in reversed(checked.cited):
        rest = tuple(other for other in checked.cited if other is not piece)
        alone = _check(checked.text, (piece,)).check.verdict == checked.check.verdict
        if rest and not alone:
            without = _check(checked.text, rest)
            checked = without if without.check.verdict == checked.check.verdict else checked
    return checked


def _bearing(text: str, numbers: Sequence[int], passed: Sequence[Passed]) -> tuple[int, Checked | None]:
    """The passage that bears a sentence without a doubt, by its number."""
    wanted = frozenset(stems(text))
    likely = sorted(numbers, key=lambda number: -_shared(wanted, passed[number - 1]))
    for number in likely[:_TRIED]:
        checked = _best(text, [passed[number - 1]])
        if checked.check.verdict == "supported" and _says(wanted, checked.cited) >= _NEARLY_ALL:
            return number, checked
    return 0, None


def _says(wanted: frozenset[str], cited: Sequence[Piece]) -> float:
    """Share of a sentence's words that the pieces hold."""
    held = {stem for piece in cited for stem in stems(piece.quote)}
    return len(wanted & held) / max(1, len(wanted))


def _shared(wanted: frozenset[str], one: Passed) -> int:
    return max((len(wanted & told.stems) for run in _news(one) for told in run), default=0)


def _outlets(cited: Sequence[Piece]) -> list[Source]:
    """Who reported it may be said without standing in the text; when it was published is no date of an event."""
    return [Source(piece.article.source) for piece in cited if piece.article.source]


def _ever_wider(text: str, cited: Sequence[Passed]) -> Iterator[tuple[Piece, ...]]:
    """What to cite of the passages: the best sentence of each, that and its neighbours, all around it."""
    wanted = frozenset(stems(text))
    widths = [_widths(wanted, one) for one in cited if _news(one)]
    return zip(*widths, strict=True)


def _widths(wanted: frozenset[str], one: Passed) -> tuple[Piece, ...]:
    run, best = max(
        ((run, index) for run in _news(one) for index in range(len(run))),
        key=lambda place: _fit(wanted, place[0][place[1]].stems),
    )
    stretches = (run[best : best + 1], run[max(0, best - 1) : best + 2], run)
    return tuple(_piece(one, stretch[0].span.start, stretch[-1].span.end) for stretch in stretches)


def _fit(wanted: frozenset[str], told: frozenset[str]) -> tuple[int, int]:
    """How well a sentence fits: first by its words, so that a wrong number does not lead to where it stands."""
    shared = wanted & told
    return sum(not any(map(str.isdigit, stem)) and stem not in STEMS for stem in shared), len(shared)


def _piece(one: Passed, start: int, end: int) -> Piece:
    return Piece(one.article, Span(one.hit.start + start, one.hit.start + end), one.also)


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence of a passage, the stems of its words, and what it is."""

    span: Span
    stems: frozenset[str]
    orders: bool
    to_program: bool
    """Whether these are orders to a program: what is said of such passages keeps to their words."""
    asks: bool


def _news(one: Passed) -> tuple[tuple[_Told, ...], ...]:
    """Its sentences in runs, between those that order or ask: neither is cited along with news."""
    runs = groupby(_sentences(one), key=lambda told: told.orders or told.asks)
    return tuple(tuple(run) for mute, run in runs if not mute)


def _sentences(one: Passed) -> tuple[_Told, ...]:
    """Those of a passage; what the whole article has as code speaks to a program."""
    told = _told(one.hit.text, one.article.language)
    within = [(start - one.hit.start, end - one.hit.start) for start, end in code(one.article.text)]
    if not within:
        return told
    return tuple(
        replace(each, orders=True, to_program=True)
        if any(start < each.span.end and each.span.start < end for start, end in within)
        else each
        for each in told
    )


@lru_cache(maxsize=512)
def _told(text: str, language: str | None) -> tuple[_Told, ...]:
    spans = passages.sentences(text, language) or [Span(0, len(text))]
    told = [(span, text[span.start : span.end]) for span in spans]
    return tuple(
        _Told(span, frozenset(stems(text)), gives_orders(text), orders_a_program(text), asks(text))
        for span, text in told
    )


def _ordered(checked: Checked, passed: Sequence[Passed]) -> Problem | None:
    """What a sentence has from an order in the passages, or from nowhere where one may have wanted it."""
    every = [told for one in passed for told in _sentences(one)]
    orders = frozenset[str]().union(*(told.stems for told in every if told.orders))
    news = frozenset[str]().union(*(told.stems for told in every if not told.orders))
    news |= {held for one in passed for head in (one.article.title, one.article.source or "") for held in stems(head)}
    for word in words(checked.text):
        if word not in STOPWORDS and stem(word) in orders - news:
            return Problem("wording", word, f"Only an order in the passages has “{word}”.")
    least = _NEARLY_ALL if any(told.to_program for told in every) else _A_LITTLE
    if orders and (part := clauses.unborne(checked.text, news, least=least)):
        return Problem("wording", part, f"Too little of “{part}” is in the passages, which give orders.")
    return None


def _misspelt(checked: Checked, passed: Sequence[Passed]) -> Problem | None:
    """A word that is none. Only English is known well enough to say so."""
    if any(piece.article.language not in (None, "en") for piece in checked.cited):
        return None
    wrong = misspelt(checked.text, [one.hit.text for one in passed])
    return Problem("wording", wrong[0], f"“{wrong[0]}” is no word of the passages or of English.") if wrong else None


def _rejected(text: str, message: str, found: str, place: float = 0) -> Checked:
    return Checked(text, (), Check("unsupported", (Problem("citation", found, message),)), place)


def _brackets(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)
