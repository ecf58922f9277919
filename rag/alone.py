"""Whether a sentence can be understood without the one before it."""

from __future__ import annotations

import re

from rag.claims import names

_AUXILIARY = "is|are|was|were|has|have|had|will|would|can|could|may|might|also|did|do|does"
_DOES = _AUXILIARY + (
    "|says?|said|comes?|came|follow(?:s|ed)?|marks?|marked|means?|meant|shows?|showed|takes?|took|makes?|made"
)
_WHO = "he|she|it|they|him|her|them|his|its|their|hers|theirs|himself|herself|itself|themselves"
_THEM = "them|these|those|which"
_PLACING = "with|in|on|at|by|for|from|after|before|under|despite|according to"
_SOME = "both|neither|either|all|none|some|many|most|few|several|each|half|one|two|three|four|five|six"
_TIMES = "week|weekend|month|year|morning|afternoon|evening|autumn|fall|winter|spring|summer|season"
_BEFORE = (
    "moves?|decisions?|announcement|figures?|measures?|statement|incident|suspects?|victims?|remarks?|comments?"
    "|findings?|changes?|news|ruling|verdict|attack|blaze|crash|row|proposals?|claims?|result"
)
"""With "the", what was told of before."""
_OF = "to|of|by|that|which|in|on|at|for|from|about|between|against|with|over"
"""What makes them be told of now."""
_POINTING = (
    rf"(?:{_WHO})(?:['’](?:s|d|ll|ve|re))?",
    rf"(?:this|that|these|those)\b(?! (?:{_TIMES}|who|in|of)\b)",
    rf"(?:{_SOME}),? (?:{_DOES}|told|went)",
    rf"(?:{_SOME}) of (?:{_THEM})",
    r"another|such|others?",
    r"(?:well|yes|no|ok|okay|sure|right|true|maybe|perhaps not),",
    r"the (?:others?|former|latter|same|pair|duo|trio)",
    rf"the (?:two|three) (?:sides|men|women|countries|companies|leaders|parties|firms|teams|{_AUXILIARY})",
    rf"the (?:{_BEFORE})\b(?! (?:{_OF})\b)",
    rf"(?:here|there)(?:['’]s)?\b(?! (?:{_AUXILIARY})\b)",
    r"or|nor|then|thus|hence|instead|rather|too|again|anyway|even so|even then|not only|equally|as such|why|worse",
    r"similarly|likewise|conversely|consequently|therefore|accordingly|otherwise|afterwards?|thereafter|thereby",
    r"elsewhere|secondly|thirdly|by contrast|in contrast|on the other hand|in other words|among (?:them|these)",
    r"at the same time|by then|since then|until then|after that|before that|as a result|if so|if not",
    rf"(?:{_PLACING}) (?:this|that|these|those|the same|such|{_THEM}|him|her)\b(?! (?:{_TIMES}|who|of)\b)",
    r"in (?:response|turn|return)|to (?:that|this) end|because of (?:this|that|it)|despite (?:this|that)",
    r"(?:\w+ )?(?:days?|weeks?|months?|years?|hours?|minutes|moments) (?:later|earlier|after(?:wards)?|before)",
    r"(?:shortly|soon) (?:after(?:wards)?|before)",
    r"(?:earlier|later|previously),",
    r"(?:earlier|later) (?:that|the same)",
    r"(?:the )?(?:next|following|previous|same) (?:day|morning|night|week|month|year|evening)",
)
"""First words that point to what was said before."""
_POINTS = re.compile("|".join(rf"(?:{one})(?!\w)" for one in _POINTING), re.IGNORECASE)
_LINKS = re.compile(
    r"(?:(?:but|and|so|yet),? |(?:however|moreover|furthermore|nevertheless|nonetheless|meanwhile|also|besides|still"
    r"|indeed|additionally|in addition|in fact|finally|lastly|for example|for instance|of course|above all"
    r"|in particular|overall|plus), |also (?=earlier|last|this|in|on)\b)+",
    re.IGNORECASE,
)
"""First words that only tie a sentence to the one before, and can go without changing what it says."""
_EXPECTED = re.compile(
    r"it(?:['’]s| is| was| (?:has|had) been| (?:would|will|may|could) be)"
    r"(?: (?:now|not|also|still|widely|generally|yet|too|very|more|most|highly|increasingly))*"
    r" (?:thought|believed|expected|hoped|feared|understood|said|reported|estimated|predicted|claimed|alleged|likely"
    r"|unlikely|possible|impossible|clear|unclear|known|unknown|certain|uncertain|important|vital|essential|necessary"
    r"|difficult|hard|easy|common|rare|early|time|illegal|legal|safe|dangerous|true)"
    r" (?:that|whether|to|how|if|why|when|for)\b"
    r"|it (?:emerged|seems|appears|turned out) that\b",
    re.IGNORECASE,
)
""" "It is thought that": nothing is meant by "it"."""
_WORD = re.compile(r"\w")
QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?|«[^»]*»?|„[^“]*“?")
"""A quotation, also one that is not closed."""
_SPEAKER = re.compile(r"\b(?:I|I['’](?:m|d|ve|ll)|me|my|mine|myself)\b|^\W*(?:We|Our)\b")
"""Outside a quotation: the reader cannot know whose words these are."""
_ONE = re.compile(r"\b(?:he|she|him|her|his|hers|himself|herself)\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:an?|the(?! other)|one|every|each|no|any|your|\d[\d,.]*) +[^\W\d_]{3,}", re.IGNORECASE)
_NOUNS = re.compile(r"\b[^\W\d_]{4,}s\b|\b(?:people|men|women|children|police|those)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\W*(?:in|at|on|during|after|before|for|with|by|from|under|through|since|despite|according to)\b[^,]*,",
    re.IGNORECASE,
)
"""Tells when or where, not who."""
_LEADS = "“”\"'‘«»„–—-• "
_QUOTES = (("“", "”"), ("«", "»"))


def stands_alone(text: str) -> bool:
    """Whether the first words of a sentence, and its pronouns for people, mean something without the text before it.

    The words are English; in another language only quotations that are not closed are found.
    """
    if text.startswith("("):
        return False
    if points_back(text) or not closed(text):
        return False
    told = QUOTED.sub(" … ", text)
    if _SPEAKER.search(told) or not _WORD.search(told):
        return False
    return _meant(_ONE, told) and _meant(_SEVERAL, told)


def points_back(text: str) -> bool:
    """Whether the first words of a sentence, also inside a quotation mark, point to what was said before."""
    first = text.lstrip(_LEADS)
    first = first[link(first) :]
    return _POINTS.match(first) is not None and _EXPECTED.match(first) is None


def _meant(pronoun: re.Pattern[str], told: str) -> bool:
    """Whether words before the first such pronoun hold somebody whom it may mean."""
    found = pronoun.search(told)
    if found is None:
        return True
    before = _OPENING.sub("", told[: found.start()])
    several = pronoun is _SEVERAL and _NOUNS.search(before) is not None
    return several or _NOUN.search(before) is not None or bool(names.find(before))


def link(text: str) -> int:
    """How many characters words such as "But" or "However," take before a sentence; 0 where it has none."""
    found = _LINKS.match(text)
    return found.end() if found else 0


def closed(text: str) -> bool:
    """Whether every quotation that is opened in the text is closed in it, and the reverse."""
    if text.count('"') % 2:
        return False
    return all(text.count(opening) == text.count(closing) for opening, closing in _QUOTES)
