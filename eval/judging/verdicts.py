"""A judge's reply -> its verdict, however it is dressed; what does not clearly say one thing is no verdict.

A reply is read as JSON where it holds an object, else by a first or last line that is a verdict alone, else by what
its prose says. Prose in which both verdicts stand, or one only as a possibility ("whether it is supported"), is not
guessed at.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_DRESS = " \t\r*_`#>\"'“”‘’.!()[]{}|~-–—•"
_LABEL = re.compile(r"(?:(?:the|my|final) )*(?:verdict|answer|judge?ment|label|result|conclusion)\W*(?:is\b\W*)?")
_FENCE = re.compile(r"```\w*")
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
_HEDGE = re.compile(
    r"\b(?:if|whether|may|might|could|would|should|unclear|unsure|uncertain|perhaps|possibly"
    r"|(?:cannot|can't) (?:say|tell|judge)|asked|either)\b"
)
_NEGATED = r"(?:\bnot|n't|\bnever|\bneither|\bnor|\bhardly|\bcannot be|\bno part|\bnothing)(?: \w+){0,3}? "
_STATED = (
    r"(?:^\W*|\b(?:is|are|as|fully|completely|entirely|clearly|directly|explicitly|well|indeed)\W{1,3}"
    r"|\b(?:verdict|answer|label)\W+)"
)
"""What stands before a verdict that is given, not spoken of: "troops supported the coup" gives none."""
_OPENING = re.compile(r"(yes|no)\s*(?:[.,;:!]|[-–—]|$)")
KEYS = ("verdict", "supported", "answer", "right", "correct", "label", "result", "judgment", "judgement")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one kind of verdict, in small letters."""

    accepting: frozenset[str]
    """Each, alone, accepts."""
    rejecting: frozenset[str]
    said: str
    """The word that prose accepts with; negated, it rejects."""
    denied: str
    """Pattern of what prose rejects with."""

    @property
    def asked(self) -> tuple[str, str]:
        """The two words that a judge is asked for, as it is told them."""
        return ("SUPPORTED", "UNSUPPORTED") if self.said == "supported" else ("YES", "NO")


SUPPORT = Wording(
    frozenset({"supported", "fully supported", "yes", "true"}),
    frozenset(
        {*("unsupported", "not supported", "no", "false", "partly"), "partially supported", "partly supported"}
    ),
    "supported",
    r"\b(?:unsupported|(?:partly|partially|only) supported|supported (?:only )?(?:in part|partly|partially))\b",
)
RIGHT = Wording(
    frozenset({"yes", "right", "correct", "true"}),
    frozenset({"no", "wrong", "incorrect", "not correct", "not right", "false"}),
    "correct",
    r"\b(?:incorrect|wrong|(?:partly|partially|only) correct)\b",
)


def read_verdict(reply: str, wording: Wording) -> bool | None:
    """Whether the reply accepts; ``None`` where it cannot be read."""
    plain = _FENCE.sub("", reply).strip()
    if object_ := _OBJECT.search(plain):
        return _of_json(object_[0], wording)
    lines = [line for line in plain.splitlines() if line.strip(_DRESS)]
    if not lines:
        return None
    first, last = _of_line(lines[0], wording), _of_line(lines[-1], wording)
    if first is not None and last is not None:
        return first if first == last else None
    if last is not None:  # what was thought before it may have gone to and fro
        return last
    found = _prose("\n".join(lines if first is None else lines[1:]), wording)
    verdicts = found | ({first} - {None})
    return verdicts.pop() if len(verdicts) == 1 else None


def _of_json(text: str, wording: Wording) -> bool | None:
    """The verdict of an object: of the only key that can hold one, as true or false, 1 or 0, or a word."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = [record[key] for key in record if key.lower() in KEYS]
    verdicts = {_of_value(value, wording) for value in values}
    return verdicts.pop() if len(verdicts) == 1 else None


def _of_value(value: Any, wording: Wording) -> bool | None:
    if isinstance(value, str):
        return _of_line(value, wording)
    # NaN and 7 are numbers too, and no verdict.
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


def _of_line(line: str, wording: Wording) -> bool | None:
    """The verdict of a line that is one and nothing else."""
    words = line.casefold().strip(_DRESS)
    word = _LABEL.sub("", words, count=1).strip(_DRESS + ":=") if _LABEL.match(words) else words
    return True if word in wording.accepting else False if word in wording.rejecting else None


def _prose(text: str, wording: Wording) -> set[bool | None]:
    """Every verdict that prose gives."""
    plain = text.casefold().replace("’", "'").replace("*", "").replace("_", " ")
    verdicts: set[bool | None] = set()
    for sentence in _SENTENCE.split(plain):
        verdicts |= _of_sentence(sentence, wording)
    if opening := _OPENING.match(plain.lstrip(_DRESS)):
        verdicts.add(opening[1] == "yes")
    return verdicts


def _of_sentence(sentence: str, wording: Wording) -> set[bool]:
    if _HEDGE.search(sentence):
        return set()
    if re.search(_NEGATED + wording.denied, sentence):
        return {True, False}  # "not unsupported" may be meant either way
    rest, rejections = re.subn(rf"{_NEGATED}{wording.said}\b|{wording.denied}", " ", sentence)
    accepted = re.search(rf"{_STATED}{wording.said}\b", rest)
    return {verdict for verdict, found in ((True, accepted), (False, rejections)) if found}
