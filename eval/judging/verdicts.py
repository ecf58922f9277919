"""A judge's reply -> its verdict, however it is dressed; what does not clearly say one thing is no verdict.

A reply is read as JSON where it holds an object, else by a first or last line that is a verdict alone, else by a
verdict that opens it, where nothing behind speaks of the other one. Prose is not guessed at: "is supported by
nothing" and "Supported? No" would be read wrong, while the judge can simply be asked again.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_DRESS = " \t\r*_`#>\"'“”‘’.!()[]{}|~-–—•"
_LABEL = re.compile(r"(?:(?:the|my|final) )*(?:verdict|answer|judge?ment|label|result|conclusion)\W*(?:is\b\W*)?")
_FENCE = re.compile(r"```\w*")
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)
_SPEAKS_AGAINST = re.compile(r"\b(?:no|not|never|none|nothing|neither|nor|but|however|except|only|cannot)\b|n't\b")
KEYS = ("verdict", "supported", "answer", "right", "correct", "label", "result", "judgment", "judgement")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one kind of verdict, in small letters."""

    accepting: frozenset[str]
    """Each, alone, accepts."""
    rejecting: frozenset[str]
    asked: tuple[str, str]
    """The two words that a judge is asked for, as it is told them."""


SUPPORT = Wording(
    frozenset({"supported", "fully supported", "yes", "true"}),
    frozenset(
        {*("unsupported", "not supported", "no", "false", "partly"), "partially supported", "partly supported"}
    ),
    ("SUPPORTED", "UNSUPPORTED"),
)
RIGHT = Wording(
    frozenset({"yes", "right", "correct", "true"}),
    frozenset({"no", "wrong", "incorrect", "not correct", "not right", "false"}),
    ("YES", "NO"),
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
    if first is not None:
        return None if _against("\n".join(lines[1:]), first, wording) else first
    return _of_opening(plain, wording)


def _of_json(text: str, wording: Wording) -> bool | None:
    """The verdict of an object: of the only key that can hold one, as true or false, 1 or 0, or a word."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    values = [record[key] for key in record if key.lower() in KEYS]
    verdicts = {_of_value(value, wording) for value in values}
    return verdicts.pop() if len(verdicts) == 1 else None


def _of_value(value: object, wording: Wording) -> bool | None:
    if isinstance(value, str):
        return _of_line(value, wording)
    # NaN and 7 are numbers too, and no verdict.
    return bool(value) if isinstance(value, bool | int | float) and value in (0, 1) else None


def _of_line(line: str, wording: Wording) -> bool | None:
    """The verdict of a line that is one and nothing else."""
    words = line.casefold().strip(_DRESS)
    word = _LABEL.sub("", words, count=1).strip(_DRESS + ":=") if _LABEL.match(words) else words
    return True if word in wording.accepting else False if word in wording.rejecting else None


def _of_opening(text: str, wording: Wording) -> bool | None:
    """The verdict that a reply begins with, where the rest does not speak against it."""
    opening = re.match(r"([a-z]+(?: [a-z]+)?)\s*[.,;:!–—-]\s*", text.casefold().lstrip(_DRESS))
    verdict = _of_line(opening[1], wording) if opening else None
    if opening is None or verdict is None:
        return None
    rest = text.casefold().lstrip(_DRESS)[opening.end() :]
    return None if _against(rest, verdict, wording) else verdict


def _against(rest: str, verdict: bool, wording: Wording) -> bool:
    """Whether what stands behind a verdict speaks of the other one."""
    plain = rest.casefold().replace("’", "'")
    others = wording.rejecting if verdict else wording.accepting
    named = re.search(rf"\b(?<!not )(?:{'|'.join(map(re.escape, sorted(others)))})\b", plain)
    return named is not None or (verdict and _SPEAKS_AGAINST.search(plain) is not None)
