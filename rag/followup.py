"""A question in a conversation -> a question that stands alone, without a model.

What it leans on is set into brackets at its end, where search, the weighing of sentences and a model all see it: the
names and things an earlier turn was about, or, where it says nothing of its own, the words of the question before. A
question that only varies the one before becomes that one, varied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag import antecedents
from rag.antecedents import Mention, undated
from rag.claims import dates, names
from rag.records import Turn
from rag.words import stems

_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_MANY = re.compile(r"\b(?:they|them|their|theirs|these|those)\b(?! who\b)", re.IGNORECASE)
_THING = re.compile(r"\b(?:its?|this|that|the (?:same|other|others|former|latter))\b", re.IGNORECASE)
_THERE = re.compile(r"\bthere\b", re.IGNORECASE)
_LEADING = re.compile(r"^\W*(?:and|but|or|so|also|then)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(r"^\W*(?:(?:and|but|or|so)\b[\s,]*)?(?:what|how) about\b\s*", re.IGNORECASE)
_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|did|does|do|is|are|was|were|has|have|had|will|would|can|could)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"\bhow (?:many|much|long|often|far|old|big|high)\b", re.IGNORECASE)
_NOTHING_MEANT = re.compile(
    r"\b(?:is|are|was|were|will|be|been|many|any) there\b|\bthere (?:is|are|was|were|be|been|will|has|have)\b"
    r"|\bit (?:takes?|took|true|possible|likely|known|clear|rain\w*|snow\w*)\b"
    r"|\b(?:that|this) (?:\w+ ){0,2}(?:week|month|year|morning|afternoon|evening|weekend|day)\b"
    r"|\b(?:says?|said|means?|claim|think|know|fear|report|warn|announce|promise|sure|true|the \w+) that(?= \w)",
    re.IGNORECASE,
)
"""Pronouns in form only: "are there", "it takes", "said that", "that week"."""
_OWN = re.compile(r"\b(?:its|it (?:would|will|had|has|was|is)|their|they)\b", re.IGNORECASE)
_SHORT = 3
"""A question without a name and with fewer telling words than this leans on what was said before."""
_BACK = 6
"""Turns looked at, latest first."""
_MOST = 6
"""Names and things taken over at most."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question itself, or with what it leans on in the turns before put into it."""
    history = history[-_BACK:]
    if not history or not leans(question):
        return question
    if _varies(question):
        return _varied(question, history)
    phrases = _telling(history) if _pursues(question) else _referred(question, history)
    rest = _LEADING.sub("", question)
    return _set_behind(rest[:1].upper() + rest[1:], _missing(question, phrases))


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what came before it."""
    meant = _NOTHING_MEANT.sub(" ", question)
    own = names.find(question)
    for pronoun in [*_PERSON.finditer(meant), *_OWN.finditer(meant)]:
        if any(name.words in meant[: pronoun.start()] for name in own):
            meant = meant[: pronoun.start()] + " " * len(pronoun.group()) + meant[pronoun.end() :]
    if any(pattern.search(meant) for pattern in (_PERSON, _MANY, _THING, _THERE)):
        return True
    if _LEADING.match(question) or _ABOUT.match(question):
        return len(own) < 2
    return not own and len(stems(question)) < _SHORT


def _varies(question: str) -> bool:
    """Whether it only puts something else in the place of what was asked: "What about the union?", "And in 2024?"."""
    rest = _rest(question)
    return rest != question.strip(" ?") and not _ASKING.search(rest) and not _PERSON.search(rest)


def _rest(question: str) -> str:
    about = _ABOUT.sub("", question)
    return (about if about != question else _LEADING.sub("", question)).strip(" ?")


def _varied(question: str, history: Sequence[Turn]) -> str:
    """The question that is varied; the day or the only name in it gives way to the new one."""
    asked = next((turn for turn in reversed(history) if not _varies(turn.question)), history[0])
    text = standalone(asked.question, history[: history.index(asked)]).strip(" ?")
    rest = _rest(question)
    old, new = names.find(text), names.find(rest)
    if dates.find(rest):
        return f"{undated(text)} {rest}?"
    if len(old) == 1 and len(new) == 1 and stems(rest) == stems(new[0].words):
        return f"{text[: old[0].start]}{new[0].words}{text[old[0].end :]}?"
    return _set_behind(f"{text}?", [rest])


def _pursues(question: str) -> bool:
    """Whether it says nothing of its own: "Why?", "How many?", "When was that?"."""
    return not names.find(question) and not stems(_MEASURE.sub(" ", question))


def _telling(history: Sequence[Turn]) -> list[str]:
    """The words that tell what the latest question was about, and whom its answer named."""
    turn, before = history[-1], history[:-1]
    text = undated(standalone(turn.question, before))
    kept = [word for word in re.findall(r"[^\W_]+(?:[-'’.,][^\W_]+)*", _MEASURE.sub(" ", text)) if stems(word)]
    who = [mention.words for mention in antecedents.of_answer(turn)] if antecedents.asks_who(turn.question) else []
    return [" ".join(kept), *who] if kept else who


def _referred(question: str, history: Sequence[Turn]) -> list[str]:
    """Names and things of the latest turn that has any of the sort that the pronouns call for."""
    wanted = _wanted(question)
    for index in reversed(range(len(history))):
        turn = history[index]
        asked = antecedents.of_question(standalone(turn.question, history[:index]))
        answered = antecedents.of_answer(turn)
        people = [mention for mention in answered if mention.sort == "person"]
        if antecedents.asks_who(turn.question):
            asked = [*people, *asked]
        else:
            lacking = {sort for sort in wanted if not any(_fits(mention, {sort}) for mention in asked)}
            asked = [*(mention for mention in answered if lacking and _fits(mention, lacking)), *asked]
        if found := _chosen(asked, answered, wanted):
            return found
    return _words(antecedents.of_question(history[-1].question))


def _wanted(question: str) -> set[str]:
    sorts = {"person": _PERSON, "many": _MANY, "thing": _THING, "place": _THERE}
    meant = _NOTHING_MEANT.sub(" ", question)
    return {sort for sort, pattern in sorts.items() if pattern.search(meant)}


def _fits(mention: Mention, wanted: set[str]) -> bool:
    if "many" in wanted and (mention.plural or " " in mention.words):
        return True
    return mention.sort in wanted or not wanted or ("thing" in wanted and mention.sort == "place")


def _chosen(asked: Sequence[Mention], answered: Sequence[Mention], wanted: set[str]) -> list[str]:
    """Names always, for they tell the story; things only where the pronoun may mean one."""
    if not any(_fits(mention, wanted) for mention in asked):
        return []
    counted = [mention for mention in answered if mention.plural] if "many" in wanted else []
    named = [mention for mention in asked if mention.words[:1].isupper()]
    if named and "thing" not in wanted and "many" not in wanted:
        return _words(named)
    return _words([*asked, *counted])


def _words(mentions: Iterable[Mention]) -> list[str]:
    return list(dict.fromkeys(mention.words for mention in mentions))[:_MOST]


def _missing(question: str, phrases: Iterable[str]) -> list[str]:
    own = set(stems(question))
    return [phrase for phrase in phrases if stems(phrase) and not set(stems(phrase)) <= own]


def _set_behind(question: str, phrases: Sequence[str]) -> str:
    """In brackets inside the question: an embedder takes "Who met him (Kim)?" for one question."""
    return f"{question.rstrip(' ?')} ({', '.join(phrases)})?" if phrases else question
