"""True sentences in other words, by rules that keep what they say."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.lie_words import MONTHS, NUMBER_WORDS

Rule = Callable[[str], str]
_SYNONYMS = {
    "almost": "nearly",
    "began": "started",
    "large": "big",
    "children": "kids",
    "died": "lost their lives",
    "homes": "houses",
    "wants to": "would like to",
    "although": "even though",
    "receive": "get",
    "receives": "gets",
    "received": "got",
    "warned": "cautioned",
    "doctors": "physicians",
    "builds": "constructs",
    "buy": "purchase",
    "bought": "purchased",
    "needs": "requires",
    "choose": "pick",
    "cars": "automobiles",
    "fell": "dropped",
    "rose": "climbed",
    "because": "since",
    "journey": "trip",
    "trip": "journey",
    "asked for": "requested",
    "employees": "staff",
    "reporters": "journalists",
    "until": "till",
    "film": "movie",
}
_CONTRACTED = {
    "did not": "didn’t",
    "does not": "doesn’t",
    "do not": "don’t",
    "is not": "isn’t",
    "are not": "aren’t",
    "was not": "wasn’t",
    "were not": "weren’t",
    "has not": "hasn’t",
    "have not": "haven’t",
    "will not": "won’t",
    "would not": "wouldn’t",
    "could not": "couldn’t",
    "cannot": "can’t",
}
_COINS = {"$": "dollars", "£": "pounds", "€": "euros"}
_SIZES = {"bn": "billion", "m": "million", " billion": "billion", " million": "million"}
_DONE = "approved rejected signed accepted ordered visited promised replaced praised criticised published".split()
_THING = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er) [^,.;“”]{3,50}?"


def _outside(text: str, change: Rule) -> str:
    """The change made to what stands outside quotations."""
    parts = re.split(r"([“\"][^”\"]*(?:[”\"]|$))", text)
    return "".join(part if part[:1] in ("“", '"') else change(part) for part in parts)


def _replaced(table: dict[str, str]) -> Rule:
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(table, key=len, reverse=True))})(?![\w-])")
    return lambda text: _outside(text, lambda part: pattern.sub(lambda match: table[match.group()], part))


def _sub(pattern: str, new: str | Callable[[re.Match[str]], str]) -> Rule:
    found = re.compile(pattern)
    return lambda text: _outside(text, lambda part: found.sub(new, part, count=1))


def _whole(pattern: str, new: Callable[[re.Match[str]], str]) -> Rule:
    found = re.compile(pattern)

    def change(text: str) -> str:
        match = found.fullmatch(text)
        return new(match) if match else text

    return change


def _low(text: str) -> str:
    """A clause as it stands behind another."""
    opens = re.match(r"(?:The|A|An|It|He|She|They|Its|His|Her|Their|In|On|At|Most|More|Two|Three|Four|Five)\b", text)
    return text[0].lower() + text[1:] if opens else text


def _up(text: str) -> str:
    return text[0].upper() + text[1:]


def _spelled(match: re.Match[str]) -> str:
    number = int(match.group())
    return NUMBER_WORDS[number - 2] if 2 <= number <= 12 else match.group()


def _money(match: re.Match[str]) -> str:
    size = f" {_SIZES[match['size']]}" if match["size"] else ""
    return f"{match['figure']}{size} {_COINS[match['coin']]}"


_DIGITS = {word: str(value) for value, word in enumerate(NUMBER_WORDS, 2)}
_MONTH = "|".join([*MONTHS, *(f"{month[:3]}\\." for month in MONTHS), "Sept\\."])
RULES: dict[str, Rule] = {
    "synonyms": _replaced(_SYNONYMS),
    "more than": _sub(r"(?<!no )\bmore than (?=[$£€\d])", "over "),
    "about": _sub(r"\babout (?=[$£€\d])", "roughly "),
    "contracted": _replaced(_CONTRACTED),
    "number as digits": _sub(rf"(?<![\w-])(?:{'|'.join(_DIGITS)})(?![\w-])", lambda match: _DIGITS[match.group()]),
    "number as a word": _sub(r"(?<![\w.,$£€:-])\d{1,2}(?= [a-z]{3,})", _spelled),
    "money spelled out": _sub(
        r"(?P<coin>[$£€])(?P<figure>\d[\d,.]*\d|\d)(?P<size>bn|m| billion| million)?(?![\w-])(?! ?[a-z]*illion)",
        _money,
    ),
    "percent": _sub(r"(?<=\d)%", " per cent"),
    "percent sign": _sub(r"(?<=\d) per ?cent\b", "%"),
    "day before month": _sub(
        rf"\b(?P<month>{_MONTH}) (?P<day>\d{{1,2}})(?!\d|,? \d{{4}})",
        lambda match: f"{match['day']} {match['month']}",
    ),
    "said that": _sub(
        r"\b(?P<who>[a-zà-ž]{3,}) said (?=(?:the|it|a|its|they|he|she) )", r"\g<who> told reporters that "
    ),
    "attribution in front": _whole(
        r"(?P<what>[^“”]{20,}), (?P<who>[^,“”]{3,70}) said(?P<when> (?:on|in) [^,“”]{3,40})?\.",
        lambda match: f"{_up(match['who'])} said{match['when'] or ''} that {_low(match['what'])}.",
    ),
    "attribution behind": _whole(
        r"(?P<who>[A-Z][^,“”]{2,50}) said (?:that )?(?P<what>(?:the|a|an|its|they|it|[A-Z][a-z]+) [^“”]{20,})\.",
        lambda match: f"{_up(match['what'])}, {_low(match['who'])} said.",
    ),
    "according to": _whole(
        r"(?P<who>[A-Z][^,“”]{2,50}) said (?:that )?(?P<what>(?:the|a|an|its|they|it|[A-Z][a-z]+) [^“”]{20,})\.",
        lambda match: f"According to {_low(match['who'])}, {match['what']}.",
    ),
    "adjunct behind": _whole(
        r"(?P<when>(?:On|In|At|During|After|Before) [^,“”]{3,40}), (?P<what>[^,“”]{15,})\.",
        lambda match: f"{_up(match['what'])} {_low(match['when'][0].lower() + match['when'][1:])}.",
    ),
    "adjunct in front": _whole(
        r"(?P<what>(?:The|A|An|Mr|Ms) [^,“”]{15,}?) (?P<when>on (?:\w+day)(?: (?:morning|evening|night))?)\.",
        lambda match: f"{_up(match['when'])}, {_low(match['what'])}.",
    ),
    "relative clause dropped": _sub(r", (?:which|who|where|whose) [^,.;“”]{5,80}(?:, (?=[a-z])|(?=\.$))", " "),
    "brackets dropped": _sub(r" \([^()]+\)", ""),
    "apposition dropped": _sub(r"(?<=[a-z]), (?:the|a) [^,.;“”]{5,60}, (?=said|told|asked|was|is|has|had)", " "),
    "second half dropped": _whole(r"(?P<what>[^“”;]{30,}); [^“”]+\.", lambda match: f"{match['what']}."),
    "passive": _whole(
        rf"(?P<who>(?:The )?[A-Z][^,.;“”]{{2,40}}?) (?P<deed>{'|'.join(_DONE)}) (?P<what>{_THING})\.",
        lambda match: f"{_up(match['what'])} was {match['deed']} by {_low(match['who'])}.",
    ),
    "active": _whole(
        rf"(?P<what>{_THING}) was (?P<deed>{'|'.join(_DONE)}) by (?P<who>[^,.;“”]{{3,50}})\.",
        lambda match: f"{_up(match['who'])} {match['deed']} {_low(match['what'])}.",
    ),
    "dateline dropped": _sub(r"^[A-ZŽĎÁŠČ]{3,}[^—]{0,40} — ", ""),
}


def surnamed(text: str, people: list[str]) -> str:
    """The sentence with everybody called by the surname."""
    for name in people:
        text = re.sub(rf"(?:(?:Mr|Ms|Mrs) )?\b{re.escape(name)}\b", name.split()[-1], text)
    return text


def paraphrase(text: str, people: list[str], random: Random) -> tuple[str, tuple[str, ...]]:
    """The sentence changed by one to three of the rules that can change it, and their names."""
    used: list[str] = []
    most = random.randint(1, 3)
    for name in random.sample(sorted(RULES), len(RULES)):
        new = " ".join(RULES[name](text).split()).replace(" .", ".")
        if new != text and len(new.split()) > 4 and not (name.startswith("attribution") and "according to" in used):
            text, used = new, [*used, name]
        if len(used) == most:
            break
    if random.random() < 0.3 and surnamed(text, people) != text:
        text, used = surnamed(text, people), [*used, "surname"]
    return text, tuple(used)
