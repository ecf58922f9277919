"""How many, how much, how high: questions that a figure of a sentence answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.drafting.asked import FACTS, Asked, Bearer
from eval.drafting.grammar import AUXILIARIES, PREPOSITIONS, PRONOUN, Clause, clause, holds_verb, is_named
from eval.drafting.times import fixed
from rag.claims import dates, quantities
from rag.claims.quantities import Quantity

_HEDGES = (
    r"(?:(?:about|around|roughly|approximately|nearly|almost|some|over|more than|fewer than|less than|at least|up to"
    r"|an estimated|as many as|as much as|another|a total of|just|only) )*"
)
_AT_START = re.compile(rf"{_HEDGES}$", re.IGNORECASE)
_PLURAL = r"(?:[a-z][\w-]*[^s\W]s|people|men|women|children|troops|police)"
_COUNTED = re.compile(rf" (?P<what>(?:[a-z][\w-]+ ){{0,2}}?{_PLURAL})\b(?P<rest>.*)$")
_OF = re.compile(r" of (?:the |all |its )?[A-Za-z]")
_TIMES = re.compile(
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|times|percent|points?|others|more|ways)\b"
)
_THERE = re.compile(rf"There (?P<verb>are|were|have been) {_HEDGES}$")
_KINDS = re.compile(r"(?P<how>high|tall|long|wide|deep|old|away|thick|heavy)\b(?P<rest>.*)$")
_MONEY = frozenset({"dollar", "USD", "EUR", "GBP", "JPY", "CNY", "AUD", "CAD", "INR", "RUB", "CHF"})
_CHANGES = frozenset(
    "rose fell grew increased decreased dropped declined climbed jumped gained slipped shrank plunged surged".split()
)
_PAID = frozenset("cost raised earned lost paid spent received invested donated pledged borrowed won made".split())
_JOINED = re.compile(r",|\b(?:and|but|while)\b")
_TAIL = re.compile(rf"\s*$|\s(?:{PREPOSITIONS})\b")


def asked(bearer: Bearer) -> Iterator[Asked]:
    """Every question that a figure of the sentence answers, where its place in the sentence is plain."""
    sentence = bearer.text.rstrip(" .")
    told = clause(bearer.text)
    for figure in quantities.find(sentence):
        if figure.pair is None and not any(one.start <= figure.start < one.end for one in dates.find(sentence)):
            for question, how in (
                *_subject(sentence, figure),
                *_there(sentence, figure),
                *_of(told, sentence, figure),
            ):
                if not PRONOUN.search(question.removeprefix("How many").replace(" there ", " ")):
                    yield Asked(f"{fixed(question, bearer)}?", figure.words, FACTS, how)


def _subject(sentence: str, figure: Quantity) -> Iterator[tuple[str, str]]:
    """ "How many people were hurt" of "At least 40 people were hurt": nothing else changes."""
    behind = sentence[figure.end :]
    if not _AT_START.fullmatch(sentence[: figure.start]) or not holds_verb(behind) or _JOINED.search(behind):
        return
    if figure.kind == "percent" and _OF.match(behind):
        yield f"What percentage{behind}", "asks what percentage"
    counted = _COUNTED.match(behind)
    if figure.kind == "number" and figure.value > 1 and counted and not _TIMES.match(counted["what"]):
        yield f"How many{behind}", "asks how many"


def _there(sentence: str, figure: Quantity) -> Iterator[tuple[str, str]]:
    """ "How many people were there on the ferry" of "There were 40 people on the ferry"."""
    there, counted = _THERE.fullmatch(sentence[: figure.start]), _COUNTED.match(sentence[figure.end :])
    if there and counted and figure.kind == "number" and figure.value > 1 and "," not in counted["rest"]:
        turned = "have there been" if there["verb"] == "have been" else f"{there['verb']} there"
        if _TAIL.match(counted["rest"]) and not holds_verb(counted["rest"]):
            yield f"How many {counted['what']} {turned}{counted['rest']}", "asks how many"


def _of(told: Clause | None, sentence: str, figure: Quantity) -> Iterator[tuple[str, str]]:
    """Questions after what stands behind the verb: a count, a sum, a rise, a measure."""
    if told is None or not is_named(told.subject) or _JOINED.search(told.rest):
        return
    offset = sentence.rfind(told.rest)
    before, behind = sentence[offset : figure.start], sentence[figure.end :]
    if offset < 0 or figure.start < offset or holds_verb(behind):
        return
    plain = re.fullmatch(_HEDGES, before) is not None
    if plain and told.verb in ("is", "was") and (measure := _KINDS.match(behind.lstrip(" "))):
        yield f"How {measure['how']} {told.inverted(measure['rest'].strip())}", f"asks how {measure['how']}"
    if told.verb in _CHANGES and figure.kind == "percent" and re.fullmatch(rf"(?:by )?{_HEDGES}", before):
        yield from _put("By what percentage", told, behind, "asks by how much")
    elif plain and told.verb in _PAID and figure.kind in _MONEY and _TAIL.match(behind):
        yield from _put("How much", told, behind, "asks how much")
    elif plain and told.verb not in AUXILIARIES and (counted := _counted(figure, behind)):
        yield from _put(f"How many {counted['what']}", told, counted["rest"], "asks how many")


def _counted(figure: Quantity, behind: str) -> re.Match[str] | None:
    """What a number counts, "people", and the rest of the sentence, where it can be parted from it."""
    counted = _COUNTED.match(behind)
    plural = (
        counted is not None and figure.kind == "number" and figure.value > 1 and not _TIMES.match(counted["what"])
    )
    return counted if counted and plural and _TAIL.match(counted["rest"]) else None


def _put(asks: str, told: Clause, rest: str, how: str) -> Iterator[tuple[str, str]]:
    if turned := told.inverted(rest.strip()):
        yield f"{asks} {turned}", how
