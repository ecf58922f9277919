"""Words around names that are no part of them: titles, ranks, particles, days and months."""

from __future__ import annotations

from rag.claims.date_pattern import DAYS, MONTHS

PARTICLES = frozenset(
    "of the de del della der den van von zu bin ibn al el la le du des di da do dos das y e ap".split()
)
TITLES = frozenset(
    """
    mr mrs ms miss dr sir dame lord lady president vice-president ex-president premier minister chancellor secretary
    senator sen rep representative congressman congresswoman gov governor mayor ambassador commissioner chairman
    chairwoman chairperson spokesman spokeswoman spokesperson professor prof adviser advisor counselor lieutenant
    lieut lt captain capt colonel col sergeant sgt corporal brigadier admiral commander inspector detective constable
    superintendent archbishop bishop cardinal ayatollah sheikh emir sultan reverend rev congressperson lawmaker leader
    """.split()
)
"""Never part of a name that we look up."""
RANKS = (
    frozenset(
        """
    general gen king queen prince princess pope saint st father chief director justice judge officer major marshal
    deputy vice prime foreign attorney officer speaker first co-founder founder ceo executive coach manager head
    """.split()
    )
    | TITLES
)
"""Titles when they stand first and a name follows: "General Milley", not "Stephen King"."""
MODIFIERS = frozenset(
    """
    prime foreign vice deputy defence defense interior finance home former acting interim assistant associate
    executive chief senior junior national security general attorney press state health education energy justice
    trade labour labor economy transport treasury permanent under russian first
    """.split()
)
"""Words of a title before its last: "Foreign Minister", "National Security Adviser"."""
FORMS = frozenset("inc incorporated corp corporation ltd limited plc llc co".split())
"""Last words of a company's name that others leave out."""
DATE_WORDS = frozenset(DAYS) | frozenset(MONTHS)
UNITS = frozenset("fy celsius fahrenheit kelvin am pm a.m. p.m. ad bc".split())
