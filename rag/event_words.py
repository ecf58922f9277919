"""Words for what happens, as against who acts: "summit" and "collapse", not "court" and "president"."""

from __future__ import annotations

import re

from rag.irregular import BASE
from rag.words import stem, stems, words

_NOUNS = frozenset(
    stems(
        """
        accident agreement ambush announcement approval arrest arrival assassination assault attack auction ballot
        ban battle blackout blast blaze blockade bombing breach breakdown breakthrough briefing burial campaign
        ceasefire celebration ceremony clash closure collapse conference conflict congress coup crash crisis cyclone
        deal death debate debut decision defeat delay demonstration denial departure derailment disaster disclosure
        discovery dismissal dispute drought earthquake election eruption escape evacuation exchange execution
        exercise exit explosion failure fair fall festival fight final fire flight flood funeral game hack hearing
        heatwave hijacking holiday hostage hurricane impeachment inauguration incident independence injury inquest
        inquiry interview invasion journey kidnapping killing landing launch lawsuit leak match massacre meeting
        merger murder mutiny negotiation offensive opening outage outbreak pandemic pardon parade party pact poll
        premiere protest purge raid rally ransom rebellion recall referendum reform refusal release removal rescue
        resignation retreat revolt revolution riot robbery ruling sale scandal sentencing session shooting shutdown
        siege signing speech spill standoff stoppage storm strike summit surrender talks theft tour tournament
        tragedy transfer trial trip truce tsunami unveiling uprising verdict victory violence visit vote walkout war
        wedding withdrawal wreck
        """
    )
)
_ENDINGS = ("tion", "sion", "ing", "quake")
_NO_EVENTS = frozenset(
    """
    administration association building commission constitution coalition corporation delegation dimension division
    evening federation foundation institution king legislation mansion morning nation opposition organisation
    organization pension population position region religion section session's station television thing union wing
    spring string ring ceiling generation mission something anything nothing everything being mayor
    """.split()
)
"""Not events, although they end like some."""
_LASTING = frozenset(
    stems(
        """
        strike walkout stoppage war campaign trial talks negotiation crisis pandemic drought siege visit trip tour
        journey offensive festival tournament holiday inquiry blockade exercise heatwave occupation
        """
    )
)
"""Events that a single day seldom holds."""
_GIVE_WAY = re.compile(r"\b(?:gave|gives?|given|giving) way\b(?! to)", re.IGNORECASE)
ALIKE = tuple(
    frozenset(stems(group))
    for group in (
        "summit talks meeting meet confer conference",
        "collapse fail failure burst break breach",
        "deal agreement accord pact treaty settlement sign",
        "vote ballot poll referendum",
        "strike walkout stoppage",
        "begin start open opening",
        "end finish over conclude",
        "attack assault raid bombing bomb shelling",
        "crash accident collision collide derailment derail",
        "blast explosion explode blow",
        "fire blaze",
        "resign resignation quit",
        "kill killing murder death die",
        "arrive arrival reach",
        "visit trip tour journey",
        "invade invasion",
        "arrest detain",
        "approve approval pass",
    )
)
"""Stems that may tell of one event."""


def names_event(word: str) -> bool:
    """Whether a noun names something that happens."""
    folded = next(reversed(words(word)), "")
    if {folded, folded.removesuffix("s")} & _NO_EVENTS:
        return False
    return stem(folded) in _NOUNS or (len(folded) > 6 and folded.removesuffix("s").endswith(_ENDINGS))


def tells_past(word: str) -> bool:
    """Whether a word has the form of a past tense."""
    folded = word.lower()
    return folded in BASE or (folded.endswith("ed") and len(folded) > 4)


def lasts(word: str) -> bool:
    """Whether an event begins on one day and ends on another."""
    return stem(word.lower()) in _LASTING


def one_verb(text: str) -> str:
    """The text with "gave way" in a word."""
    return _GIVE_WAY.sub("collapsed", text)


def alike(word: str) -> frozenset[str]:
    """Stems that may stand for a word's own, that one among them."""
    own = stem(word.lower())
    return next((group for group in ALIKE if own in group), frozenset({own}))
