"""As much English grammar as questions need: the subject of a plain sentence, its verb, and the verb's base form.

Nothing is parsed: where a sentence is not of a shape that can be told from its words, there is no answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.claims import dates, names
from rag.claims.lexicon import common
from rag.claims.numerals import SMALL
from rag.irregular import BASE

AUXILIARIES = frozenset("is are was were has have had will would can could may might must should".split())
PREPOSITIONS = (
    "in|on|at|by|for|from|to|with|after|before|during|since|when|while|as|following|near|across|over|under|between|into"
    "|through|throughout|against|among|around|outside|inside|within|despite|because|amid|last|this|per|every"
)
PRONOUN = re.compile(
    r"\b(?:he|she|it|they|we|him|her|them|his|its|their|our|hers|theirs|himself|herself|itself|themselves|this|these"
    r"|those|such|there|here|then|who|whose|which)\b",
    re.IGNORECASE,
)
"""Words that mean nothing, or something else, once a question has been made of part of the sentence."""
_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_PAST = frozenset(
    "said rose fell won lost led left sent spent sold bought paid kept held found met made took gave began became"
    " came went saw ran wrote told built brought broke drew struck cost beat hit put set cut read quit shut spread"
    " felt bore stood shot fought caught chose flew grew knew threw wore taught sought".split()
)
_SAME = frozenset("cost beat hit put set cut read quit shut spread".split())
_BASES = {"found": "find", "left": "leave", "rose": "rise", "saw": "see", "felt": "feel", "bore": "bear"}
_PARTICIPLES = frozenset(
    "been done gone seen known given taken shown driven written spoken broken chosen fallen grown flown drawn thrown"
    " worn torn sworn born borne eaten beaten forgotten hidden ridden risen sung sunk begun drunk rung swum".split()
)
_NO_VERB = frozenset(
    "hundred need indeed deed weed reed heed sped speed seed feed breed red bed wed shed led united"
    " wicked sacred naked kindred aged based"
    " supposed alleged so-called related limited advanced".split()
)
_NO_SUBJECT_END = frozenset(
    "the a an this that its his her their of in at for and or more most very not newly".split()
)
_NO_SUBJECT = re.compile(
    rf"\b(?:that|and|or|but|says?|reports|whether|after|before|when|while|who|which)\b|^(?:{PREPOSITIONS}|although|though|if|unless|once|until|how|what|why|where)\b",
    re.IGNORECASE,
)
_SUBJECT_WORDS = 9


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence taken apart: ``subject verb rest``."""

    subject: str
    verb: str
    rest: str
    """Without the full stop."""

    def inverted(self, rest: str | None = None) -> str | None:
        """ "did the dam break": the clause as it stands behind a question word, if its verb can be turned."""
        told = self.rest if rest is None else rest
        subject = lowered(self.subject)
        if self.verb in AUXILIARIES:
            return f"{self.verb} {subject} {told}".strip()
        base = base_of(self.verb)
        return f"did {subject} {base} {told}".strip() if base else None


def clause(sentence: str) -> Clause | None:
    """The sentence's first clause, where its subject is a few words without a comma and its verb is plainly one."""
    bare = sentence.rstrip(" .")
    found = list(_WORD.finditer(bare))
    for place, word in enumerate(found[: _SUBJECT_WORDS + 1]):
        if place and _is_finite(word.group()):
            subject = bare[: word.start()].strip()
            rest = bare[word.end() :].strip()
            if not _is_subject(subject) or _is_no_verb(word.group(), rest):
                return None
            return Clause(subject, word.group(), rest)
    return None


def base_of(past: str) -> str | None:
    """The base of a past form; ``None`` where there may be two, or none is known."""
    if past in _SAME:
        return past
    if past in _BASES or past in BASE:
        return _BASES.get(past) or BASE[past]
    if not past.endswith("ed") or past in _NO_VERB:
        return None
    if past.endswith("ied"):
        return past[:-3] + "y" if len(past) > 5 else past[:-1]
    stem = past[:-2]
    if len(stem) > 3 and stem[-1] == stem[-2] and common(stem[:-1]) and not common(stem):
        return stem[:-1]
    plain, with_e = common(stem), common(stem + "e")
    if plain and with_e:
        return stem + "e" if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", stem) else stem
    return stem if plain else stem + "e" if with_e else None


def holds_verb(text: str) -> bool:
    """Whether a text may hold another finite verb, so that what stands behind it may not belong to the first."""
    return any(_is_finite(word) for word in _WORD.findall(text))


def is_named(subject: str) -> bool:
    """Whether a subject holds a proper name: who or what "the country" is, only the sentences before could tell."""
    return bool(names.find(f"{subject} came"))


def lowered(subject: str) -> str:
    """A subject as it stands inside a sentence: its first word small, unless it is a name."""
    first = re.match(r"[^\W_]+(?!\.)\b", subject)
    if first is None or not first[0].istitle():
        return subject
    if first[0].lower() in SMALL or (first[0].endswith("ing") and common(first[0])):
        return subject[0].lower() + subject[1:]
    if re.match(r" [a-z]", subject[first.end() :]) and _is_small(first[0].lower()):
        return subject[0].lower() + subject[1:]
    if any(name.start == 0 for name in names.find(subject)):
        return subject
    if common(first[0]) and not _begins_name(subject, first.end()):
        return subject[0].lower() + subject[1:]
    return subject


def _is_small(word: str) -> bool:
    return any(common(one) for one in (word, word.removesuffix("s"), word.removesuffix("ing")) if len(one) > 2)


def _begins_name(subject: str, end: int) -> bool:
    """Whether a common word is the first of a name: "Port Holdings", but not "The Port", "Former Mayor"."""
    first = subject[:end].lower()
    return first not in ("the", "a", "an", "former", "two", "three", "about", "some", "more", "all", "in", "on") and (
        re.match(r" [A-Z]", subject[end:]) is not None
    )


def _is_finite(word: str) -> bool:
    if word in AUXILIARIES or word in _PAST:
        return True
    return word.islower() and word not in _NO_VERB and word not in _PARTICIPLES and _is_past(word)


def _is_past(word: str) -> bool:
    return "-" not in word and (word in BASE or (word.endswith("ed") and len(word) > 3))


def _is_subject(subject: str) -> bool:
    last = subject.rpartition(" ")[2]
    if re.search(r"[,;:()“”\"–—]", subject) or PRONOUN.search(subject) or last.lower() in _NO_SUBJECT_END:
        return False
    if last.endswith("ly") or _NO_SUBJECT.search(subject) or dates.find(subject[:12]):
        return False
    return _ends_as_noun(subject, last)


def _ends_as_noun(subject: str, last: str) -> bool:
    """Whether the last word may be what the subject is: a name, or a word with an article before it, or a plural."""
    return last[0].isupper() or " " in subject or last.endswith("s")


def _is_no_verb(word: str, rest: str) -> bool:
    """Whether a word that looks like a verb only tells more of a noun: "the people injured were", "hit by floods"."""
    following = _WORD.match(rest)
    if following is None or word in AUXILIARIES:
        return False
    return following.group() in AUXILIARIES or (following.group() == "by" and not re.match(r"by (?:\d|a |an )", rest))
