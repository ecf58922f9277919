"""What earlier turns of a conversation spoke of: whom "he", what "it" and where "there" may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.claims import dates, names
from rag.claims.aliases import COUNTRIES, key
from rag.claims.names import Name
from rag.records import Turn
from rag.words import STOPWORDS, words

Sort = Literal["person", "place", "thing"]

_MARKER = re.compile(r"\s*\[\d+\]")
_REFUSED = re.compile(r"^(?:The articles found |No article |The archive holds no |There is no article )")
"""How a refusal begins: it names what is not in the articles."""
_WHO = re.compile(r"^\W*(?:and |but |so )?(?:by |to |for |with |from )?who(?:m|se)?\b", re.IGNORECASE)
_BODY = re.compile(
    r"\b(?:union|works|holdings|house|council|agency|company|service|chamber|school|ministry|party|post|courier"
    r"|chronicle|observer|daily|press|university|hospital|bank|court|committee|department|group|security|republic"
    r"|nations|line|federation|association|parliament|congress|senate|army|inc|ltd|corp|club|station|police)\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:in|at|near|inside|outside|into|towards?|across|off|around) (?:the )?$", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:mr|mrs|ms|miss|dr|president|minister|mayor|governor|king|queen|judge|leader)\.? $", re.I)
_THE = re.compile(r"\b(?:the|of) $", re.IGNORECASE)
_OPENS_A_THING = frozenset(
    "the a an this that these those of in at on to for from by with about into which what many much their its".split()
)
_AUXILIARY = frozenset("did does do is are was were has have had will would can could".split())
_NO_THING = frozenset(
    "get got give given gave say said do did go went happen happened make made tell told see".split()
)
_DID = re.compile(r"\b(?:did|does|do|will|would|can|could) (?:(?:the|a|an|its|their) )?$", re.IGNORECASE)
_COUNTED = re.compile(r"\b\d[\d,.]*((?: [a-z]+){0,2} [a-z]{3,}s)\b(?<!ss)")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Mention:
    """Words of an earlier turn that a later one may refer to."""

    words: str
    sort: Sort
    start: int
    plural: bool = False


def of_question(question: str) -> list[Mention]:
    """The names and things that a question speaks of, in order, without its dates."""
    text = undated(question)
    named = names.find(text)
    found = [Mention(name.words, _sort(name, text), name.start) for name in named]
    found += _things(text)
    longest = [one for one in found if not any(one is not other and _inside(one, other) for other in found)]
    return sorted(longest, key=lambda mention: mention.start)


def of_answer(turn: Turn) -> list[Mention]:
    """What an answer brings in that its question does not name; a refusal brings nothing.

    These are the person whom a question with "who" asked for, and things it counts: "96 steel anchors".
    """
    if _REFUSED.match(turn.answer):
        return []
    text = _MARKER.sub("", turn.answer)
    found = [
        Mention(name.words, sort, name.start)
        for name in names.find(text)
        if (sort := _sort(name, text)) != "thing" and not names.matches(name.words, turn.question)
    ]
    people = [mention for mention in found if mention.sort == "person" and " " in mention.words]
    counted = [
        Mention(match[1].strip(), "thing", match.start(1), plural=True)
        for match in _COUNTED.finditer(undated(text))
        if not set(words(match[1])) & STOPWORDS
    ]
    return people[:1] + [mention for mention in found if mention.sort == "place"][:1] + counted[:1]


def asks_who(question: str) -> bool:
    """Whether its answer is a person."""
    return _WHO.match(question) is not None


def undated(text: str) -> str:
    """The text without its words of time, which a later question does not take over."""
    for mention in reversed(dates.find(text)):
        text = (
            re.sub(r"\s*\b(?:on|in|at|by|since|until|before|after|during)?\s*$", "", text[: mention.start])
            + (text[mention.end :])
        )
    return text


def _sort(name: Name, text: str) -> Sort:
    before = text[: name.start]
    if _TITLED.search(before):
        return "person"
    if _PLACED.search(before) or key(name.words) in COUNTRIES:
        return "place"
    if name.kind == "code" or _THE.search(before) or _BODY.search(name.words) or name.words.isupper():
        return "thing"
    return "person"


def _things(text: str) -> Iterator[Mention]:
    """Runs of telling words after an article or a preposition, "the steel anchors", after "what" before a verb."""
    run: list[re.Match[str]] = []
    opened = ""
    for match in [*_WORD.finditer(text), None]:
        word = match.group().lower().replace("’", "'") if match else ""
        opened = opened or (word if word.endswith("'s") else "")
        if match and opened and word not in STOPWORDS and word not in _NO_THING and not _parted(run, match, text):
            run.append(match)
            continue
        if run and (opened not in ("what", "which") or word in _AUXILIARY):
            yield _thing(run if word in _NO_THING else _without_verb(run, text), text)
        run = []
        opened = word if word in _OPENS_A_THING else ""


def _thing(run: Sequence[re.Match[str]], text: str) -> Mention:
    found = text[run[0].start() : run[-1].end()]
    return Mention(found, "thing", run[0].start(), found.endswith("s") and not found.endswith("ss"))


def _without_verb(run: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """After "did" the verb comes behind its subject: "did the dock strike cost"."""
    return run[:-1] if len(run) > 1 and _DID.search(text[: run[0].start()]) else run


def _parted(run: Sequence[re.Match[str]], match: re.Match[str], text: str) -> bool:
    return bool(run) and text[run[-1].end() : match.start()] != " "


def _inside(one: Mention, other: Mention) -> bool:
    """Whether a mention is part of a longer one, or the same words as one sorted better."""
    start = other.words.find(one.words)
    if start < 0 or other.start + start != one.start:
        return False
    return len(one.words) < len(other.words) or (one.sort == "thing" and other.sort != "thing")
