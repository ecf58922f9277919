"""Who did it, and who said it: questions that a name answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.drafting.asked import ATTRIBUTION, FACTS, Asked, Bearer
from eval.drafting.grammar import AUXILIARIES, PRONOUN, base_of, clause, holds_verb, is_named, lowered
from eval.drafting.times import fixed
from rag.claims import dates, names
from rag.claims.aliases import COUNTRIES, key
from rag.claims.lexicon import common

_VERB = r"(?:said|warned|announced|confirmed|argued|claimed|insisted|predicted|acknowledged|denied|stated)"
_DAY = r"(?: (?:on |in a statement on |late on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day| in a statement)?"
_WHO = r"(?P<who>[^,;:()]{3,90}?)(?:, [^,]{3,60},)?"
_AHEAD = re.compile(rf"{_WHO} (?P<verb>{_VERB}){_DAY} (?P<that>that )?(?P<what>[^,;:]+)\.")
_BEHIND = re.compile(rf"(?P<what>[^;:]+), {_WHO} (?P<verb>said){_DAY}\.")
_ACCORDING = re.compile(r"(?P<what>[^;:]+), according to (?P<who>[^,;:()]{3,90})\.")
_PAPER = re.compile(
    r"\b(?:report|study|survey|poll|data|statement|document|article|figures|court|filing|researchers|update|analysis)s?\b"
)
_NO_CLAUSE = re.compile(
    r"(?:in|on|at|to|of|about|nothing|only|so|the same|little|no)\b(?! the [^,]* (?:was|were|is|are))"
)
_UNIONS = frozenset(
    {"europe", "africa", "asia", "america", "islam", "democrat", "muslim", "gaza", "london", "york", "paris"}
)
_BODY = re.compile(
    r"\b(?:Inc|Corp|Ltd|Company|Group|Bank|University|College|School|Council|Committee|Commission|Court|Party|Union"
    r"|Ministry|Department|Agency|Association|Institute|Hospital|Club|United|City|County|State|House|Senate|Street|News"
    r"|Times|Post|Press|Airlines?|Island|Islands|River|Lake|Mountain|Cup|League|Series|Games|Act|Center|Centre|Church"
    r"|Holdings|Partners|Service|Authority|Board|Army|Force|Police|Park|Bridge|Awards?|Day|Week|Foundation|Museum)\b"
)
_ONE_OF_MANY = re.compile(r" (?:is|was|are|were) (?:an?|one|among|not|also) ")
"""What others may be too."""
_SHORTEST, _LONGEST = 5, 26
"""Words of what was said."""


def asked(bearer: Bearer) -> Iterator[Asked]:
    """ "Who won the election?" and "Who said that the dam was safe?"."""
    yield from _said(bearer)
    yield from _did(bearer)


def is_person(name: str, text: str) -> bool:
    """Whether a name of two or three words is a person's: the article goes on with the last of them, and "he"."""
    parts = name.split()
    if len(parts) not in (2, 3) or _BODY.search(name) or key(name) in COUNTRIES or not all(map(str.istitle, parts)):
        return False
    alone = re.search(rf"(?<!{re.escape(parts[-2])} )\b{re.escape(parts[-1])}\b(?! [A-Z])", text)
    return (
        alone is not None and not common(parts[-1]) and re.search(r"\b[Hh](?:e|is|er)\b|\b[Ss]he\b", text) is not None
    )


def _said(bearer: Bearer) -> Iterator[Asked]:
    for pattern in (_ACCORDING, _BEHIND, _AHEAD):
        found = pattern.fullmatch(bearer.text)
        if found is None:
            continue
        parts = found.groupdict()
        verb = parts.get("verb") or "said"
        if (verb not in ("said", "claimed") and not parts.get("that")) or not _is_clause(parts["what"]):
            return
        if speaker := _speaker(parts["who"], bearer):
            answer, name = speaker
            what = fixed(lowered(parts["what"]), bearer)
            yield Asked(f"Who {verb} that {what}?", answer, ATTRIBUTION, "asks who said it", speaker=(name,))
        return


def _speaker(who: str, bearer: Bearer) -> tuple[str, str] | None:
    """Who spoke, as an answer names them and by the name that must stand with it; nobody where they have no name."""
    found = [name for name in names.find(who) if name.kind == "name"]
    if (
        not found
        or holds_verb(who)
        or dates.find(who)
        or " and " in who
        or PRONOUN.search(who)
        or _PAPER.search(who.lower())
    ):
        return None
    name = found[-1].words
    person = " ".join(name.split()[-2:])
    if re.search(r"\b(?:for|of|at|from|with)\b", who[: found[-1].start]) or found[-1].end < len(who):
        nation = all(key(one.words) in COUNTRIES for one in found)
        whole = re.sub(r"^(?:the|The) ", "", who)
        return None if nation else (whole, whole if found[-1].end < len(who) else name)
    name = person if is_person(person, bearer.article.text) else name
    return name, name


def _is_clause(what: str) -> bool:
    """Whether what was said can stand behind "that" and be understood there."""
    many = len(what.split())
    opens = _NO_CLAUSE.match(what) or what.startswith(("But ", "And ", "If ", "When ", "While "))
    if not _SHORTEST <= many <= _LONGEST or opens or PRONOUN.search(what):
        return False
    told = clause(what)
    return told is not None and (is_named(told.subject) or re.match(r"(?:The|the|Those) ", what) is None)


def _did(bearer: Bearer) -> Iterator[Asked]:
    found = next(iter(names.find(bearer.text)), None)
    if found is None or found.start > 0:
        return
    rest = bearer.text.rstrip(" .")[found.end :]
    rest = re.sub(r"^, [^,]{3,70},(?= [a-z])", "", rest)
    verb = re.match(r" ([a-z]+)\b", rest)
    if verb is None or " not " in rest or not _is_past_verb(verb[1]) or PRONOUN.search(rest) or "," in rest:
        return
    if _ONE_OF_MANY.match(rest) or verb[1] in ("said", "told", "added", "announced", "confirmed"):
        return
    if is_person(found.words, bearer.article.text):
        yield Asked(f"Who{fixed(rest, bearer)}?", found.words, FACTS, "asks who")
    elif found.words.lower() in COUNTRIES - _UNIONS:
        yield Asked(f"Which country{fixed(rest, bearer)}?", found.words, FACTS, "asks which country")


def _is_past_verb(word: str) -> bool:
    return word in AUXILIARIES or (base_of(word) is not None and holds_verb(word))
