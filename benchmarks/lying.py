"""Lies made of true sentences, of the kinds that language models tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.lie_words import (
    CAUSES,
    DAYS,
    MONTHS,
    NEGATIONS,
    NO_PERSON,
    NUMBER_WORDS,
    OPPOSITES,
    PARTIES,
    RANKS,
    SHORT_MONTHS,
    STRANGERS,
    UNITS,
    VERBS,
)

_NUMBER = re.compile(
    r"(?<![A-Z][a-z]{2}\. )(?<!Sept\. )(?<![\w.,-])"
    rf"(?:\d+(?:[.,]\d+)*(?![\w:-])|(?:{'|'.join(NUMBER_WORDS)})\b(?!-))(?!th\b)"
)
_DATE = re.compile(
    rf"\b(?:{'|'.join([*MONTHS, *SHORT_MONTHS])})\b(?!’)|\b(?:{'|'.join(DAYS)})\b|(?<![\w,.])(?:19|20)\d\d\b(?!,\d)"
)
_TELLS = re.compile(r"\d|(?<=[a-z] )[A-Z][a-z]")
"""A number or a name: without one a sentence may be true of anything."""
_NAME = re.compile(r"\b(?:[A-ZŽŠČÉ][\w’-]*[^\W\d_]\.? )+[A-ZŽŠČÉ][\w’-]*[^\W\d_]\b")
_PERSON = re.compile(
    r"(?:(?:said|Mr|Ms|Mrs|Mayor|Governor|President|Minister|Prof\.|Dr|secretary|director),? )"
    r"(?P<one>[A-Z][\w’-]+ [A-Z][\w’-]+)\b"
    r"|(?P<two>\b[A-Z][\w’-]+ [A-Z][\w’-]+)(?=,? (?:said|told|who|the [a-z]|a [a-z]))"
)
_QUOTED = re.compile(r"“(\S+ [^“”]{8,} \S+)”")
_AUXILIARY = re.compile(r"\b(was|were|is|are|will|would|can|could|has|had|have|may|must)\b(?! (?:not|no|never)\b)")
_SAID = r"(?:said|admitted|told reporters|stressed|announced|warned|claimed|added)"
_BEHIND = re.compile(rf"^(?P<what>[^“”\"]{{25,}}?), (?:[^,“”\"]+ )?{_SAID}(?: on \w+day)?\.$")
_AHEAD = re.compile(
    rf"^[^,“”\"]{{3,60}}(?:, [^,“”\"]+,)? {_SAID} (?:that |on \w+day that )?(?P<what>[^“”\"]{{25,}})$"
)
_ACCORDING = re.compile(r"^According to [^,]+, (?P<what>.{25,})$|^(?P<rest>.{25,}), according to [^,]+\.$")


@dataclass(frozen=True, slots=True)
class Truth:
    """A sentence of an article, and the text of the passage it stands in."""

    text: str
    article: str
    passage: int
    """Number under which the passage is cited."""
    strangers: Sequence[str]
    """People named in the other articles."""

    @property
    def people(self) -> list[str]:
        """People named in the article."""
        return people(self.article)


@dataclass(frozen=True, slots=True)
class Lie:
    """A sentence that its article does not bear, under a citation."""

    text: str
    cites: int


def people(text: str) -> list[str]:
    """First name and surname of those who are told of, in order."""
    found = (match["one"] or match["two"] for match in _PERSON.finditer(text))
    return [name for name in dict.fromkeys(found) if not NO_PERSON & set(name.split())]


def _alter(truth: Truth, pattern: re.Pattern[str], other: Callable[[str], str | None], random: Random) -> str | None:
    """The sentence with one match of the pattern replaced."""
    places = [(match, new) for match in pattern.finditer(truth.text) if (new := other(match.group())) is not None]
    if not places:
        return None
    match, new = random.choice(places)
    return truth.text[: match.start()] + new + truth.text[match.end() :]


def _any(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in sorted(words, key=len, reverse=True)))


def _figure(truth: Truth, random: Random) -> str | None:
    """A number that the article does not have."""

    def other(number: str) -> str | None:
        return next((new for new in _others(number, random) if not _has(truth.article, new)), None)

    return _alter(truth, _NUMBER, other, random)


def _others(number: str, random: Random) -> Iterator[str]:
    if number in NUMBER_WORDS:
        yield from random.sample([word for word in NUMBER_WORDS if word != number], len(NUMBER_WORDS) - 1)
        return
    for _ in range(20):
        place = random.randrange(len(number))
        digit = random.choice("123456789")
        if number[place].isdigit() and number[place] != digit:
            yield number[:place] + digit + number[place + 1 :]


def _has(text: str, number: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(number)}(?![\w]|[.,]\d)", text) is not None


def _figure_of_the_text(truth: Truth, random: Random) -> str | None:
    """A number of the same article that counts something else."""
    rest = truth.article.replace(truth.text, " ")
    numbers = [number for number in dict.fromkeys(_NUMBER.findall(rest)) if not _has(truth.text, number)]

    def other(number: str) -> str | None:
        like = [each for each in numbers if each.isalpha() == number.isalpha() and not _is_year(each)]
        return random.choice(like) if like and not _is_year(number) else None

    return _alter(truth, _NUMBER, other, random)


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", number) is not None


def _date(truth: Truth, random: Random) -> str | None:
    def other(word: str) -> str | None:
        if word.isdigit():
            choice = [str(int(word) + step) for step in (-2, -1, 1, 2)]
        elif word in DAYS:
            choice = [day for day in DAYS if day != word]
        else:
            choice = [month for month in MONTHS if month != SHORT_MONTHS.get(word, word)]
        choice = [each for each in choice if each[:3] not in truth.article]
        return random.choice(choice) if choice else None

    return _alter(truth, _DATE, other, random)


def _date_of_the_text(truth: Truth, random: Random) -> str | None:
    """Another day of the week that the article names."""
    days = [day for day in DAYS if day in truth.article and day not in truth.text]
    return _alter(truth, _any(DAYS), lambda _: random.choice(days) if days else None, random)


def _name(truth: Truth, random: Random) -> str | None:
    strange = [name for name in (*STRANGERS, *truth.strangers) if name not in truth.article]
    return _alter(truth, _NAME, lambda _: random.choice(strange), random)


def _name_of_the_text(truth: Truth, random: Random) -> str | None:
    """A person of the same article in the place of another."""
    found = [name for name in truth.people if name in truth.text]
    others = [name for name in truth.people if name.split()[-1] not in truth.text]
    if not found or not others:
        return None
    return truth.text.replace(random.choice(found), random.choice(others))


def _merged_name(truth: Truth, random: Random) -> str | None:
    found = [name for name in truth.people if name in truth.text]
    if not found:
        return None
    name = random.choice(found)
    others = [other for other in (*truth.people, *truth.strangers) if other.split()[-1] != name.split()[-1]]
    if not others:
        return None
    return truth.text.replace(name, f"{name.split()[0]} {random.choice(others).split()[-1]}")


def _denied(truth: Truth, random: Random) -> str | None:
    """The verb denied, outside any quotation."""
    turn = random.choice(("{} not", "{} never", "{} hardly", "{} no longer"))
    return _outside_quotation(truth, _AUXILIARY, lambda word: turn.format(word), random)


def _failed(truth: Truth, random: Random) -> str | None:
    """A past verb turned by "failed to", "refused to", "denied"."""
    turn = random.choice(("failed to", "refused to", "did not", "never did"))
    turn = "refused to" if turn == "never did" else turn
    return _outside_quotation(truth, _any(list(VERBS)), lambda word: f"{turn} {VERBS[word]}", random)


def _outside_quotation(
    truth: Truth, pattern: re.Pattern[str], other: Callable[[str], str | None], random: Random
) -> str | None:
    inside = [match.span() for match in re.finditer(r"“[^”]*(?:”|$)", truth.text)]
    places = [
        match
        for match in pattern.finditer(truth.text)
        if not any(start <= match.start() < end for start, end in inside)
    ]
    if not places:
        return None
    match = random.choice(places)
    return truth.text[: match.start()] + str(other(match.group())) + truth.text[match.end() :]


def _affirmed(truth: Truth, random: Random) -> str | None:
    """A negation taken away."""
    found = [turn for turn in NEGATIONS if turn in truth.text]
    if not found or truth.text.count("“"):
        return None
    return truth.text.replace(found[0], NEGATIONS[found[0]], 1)


def _opposite(truth: Truth, random: Random) -> str | None:
    opposites = {one: other for one, other in OPPOSITES.items() if one not in ("before", "after", "first", "last")}
    return _outside_quotation(truth, _any(list(opposites)), lambda word: opposites[word], random)


def _time_turned(truth: Truth, random: Random) -> str | None:
    turned = {"before": "after", "after": "before", "Before": "After", "After": "Before", "until": "since"}
    return _outside_quotation(truth, _any(list(turned)), lambda word: turned[word], random)


def _rank(truth: Truth, random: Random) -> str | None:
    return _outside_quotation(truth, _any(list(RANKS)), lambda word: RANKS[word], random)


def _quotation_reworded(truth: Truth, random: Random) -> str | None:
    """A word of the quotation replaced, dropped or added."""

    def other(quoted: str) -> str:
        words = quoted[1:-1].split()
        place = random.randrange(1, len(words) - 1)
        way = random.randrange(3)
        words[place : place + (way > 0)] = [] if way == 1 else [random.choice(("really", "certainly", "again"))]
        return f"“{' '.join(words)}”"

    return _alter(truth, _QUOTED, other, random)


def _quotation_moved(truth: Truth, random: Random) -> str | None:
    """Words put into another's mouth."""
    quoted = _QUOTED.search(truth.article)
    if _QUOTED.search(truth.text) is None or quoted is None:
        return None
    return _name_of_the_text(truth, random) or _pronoun_named(truth, random)


def _pronoun_named(truth: Truth, random: Random) -> str | None:
    """ "She said" given to somebody of whom the passage does not speak."""
    strange = [name for name in truth.strangers if name not in truth.article]
    named, count = re.subn(r"” (?:he|she) said", f"” {random.choice(strange)} said", truth.text, count=1)
    return named if count and strange else None


def _attribution_dropped(truth: Truth, random: Random) -> str | None:
    """What somebody said, told as a fact."""
    for pattern in (_BEHIND, _AHEAD, _ACCORDING):
        if match := pattern.match(truth.text):
            what = next(group for group in match.groups() if group)
            return what[0].upper() + what[1:].rstrip(".") + "."
    return None


def _attribution_moved(truth: Truth, random: Random) -> str | None:
    """Said by another party."""
    if re.search(_SAID, truth.text) is None and "ccording to" not in truth.text:
        return None
    pattern = re.compile(
        rf"\b(?:{'|'.join(PARTIES)})\b(?=[^.,]{{0,30}} {_SAID})|(?<=ccording to the )(?:{'|'.join(PARTIES)})\b"
    )
    return _outside_quotation(truth, pattern, lambda party: PARTIES[party], random)


def _role_moved(truth: Truth, random: Random) -> str | None:
    """The office of one person given to another of the article."""
    pattern = re.compile(r"\b[A-Z][\w’-]+ [A-Z][\w’-]+(?=, (?:the|a|who|chief|head|director)\b)")
    others = [name for name in truth.people if name.split()[-1] not in truth.text]
    own = truth.people
    return _alter(truth, pattern, lambda name: random.choice(others) if others and name in own else None, random)


def _unit(truth: Truth, random: Random) -> str | None:
    words = "|".join(unit for unit in UNITS if unit.isalpha())
    pattern = re.compile(rf"[$£€](?=\d)|(?<=\d )(?:{words})\b|(?<=\d)bn\b")
    return _alter(truth, pattern, lambda unit: UNITS[unit], random)


def _precision(truth: Truth, random: Random) -> str | None:
    """A plain figure made more precise than it is."""

    def other(number: str) -> str | None:
        if not number.isdigit() or int(number) < 3 or _is_year(number):
            return None
        return f"{number}.{random.choice('12346789')}"

    return _alter(truth, re.compile(r"(?<![\w.,:-])\d+(?![\w.,:-])"), other, random)


def _recalculated(truth: Truth, random: Random) -> str | None:
    """A figure told as a share, a multiple or a rough number that it is not."""
    new = random.choice(("hundreds of", "half of the", "a third of the", "double the"))
    return _alter(truth, re.compile(r"(?<![\w.,$£€-])\d{1,2}(?= [a-z]{4,}s\b)"), lambda _: new, random)


def _cause(truth: Truth, random: Random) -> str | None:
    if "because" in truth.text or not truth.text.endswith(".") or truth.text.endswith(".m."):
        return None
    return f"{truth.text[:-1]} {random.choice(CAUSES)}."


Make = Callable[[Truth, Random], str | None]
HARD: dict[str, Make] = {
    "figure": _figure,
    "figure of the same text": _figure_of_the_text,
    "figure recalculated": _recalculated,
    "false precision": _precision,
    "unit or currency": _unit,
    "date": _date,
    "date of the same text": _date_of_the_text,
    "name": _name,
    "name of the same text": _name_of_the_text,
    "names merged": _merged_name,
    "role moved": _role_moved,
    "quotation reworded": _quotation_reworded,
    "quotation moved": _quotation_moved,
    "rank": _rank,
}
"""Kinds that change a figure, date, name or quotation."""
NEGATED: dict[str, Make] = {
    "not, never, no longer": _denied,
    "failed to, refused to": _failed,
    "negation taken away": _affirmed,
    "opposite word": _opposite,
}
SOFT: dict[str, Make] = {
    "before and after": _time_turned,
    "attribution dropped": _attribution_dropped,
    "attribution moved": _attribution_moved,
    "cause invented": _cause,
}
WRONG, INVENTED = "another passage cited", "invented number cited"
KINDS = (*HARD, WRONG, INVENTED, *NEGATED, *SOFT)


def lie(kind: str, truth: Truth, passages: Sequence[str], random: Random) -> Lie | None:
    """A lie of the kind made of a true sentence; nothing where the sentence does not allow it."""
    if kind == INVENTED:
        return Lie(truth.text, len(passages) + random.randint(1, 9))
    if kind == WRONG:
        others = [number for number, text in enumerate(passages, 1) if truth.text not in text]
        return Lie(truth.text, random.choice(others)) if others and _TELLS.search(truth.text) else None
    text = (HARD | NEGATED | SOFT)[kind](truth, random)
    if text is None or text == truth.text or text in truth.article:
        return None
    return Lie(text, truth.passage)
