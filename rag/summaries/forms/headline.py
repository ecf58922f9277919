"""A headline: the weightiest short sentence, or one cut where what follows only adds to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.alone import closed
from rag.citing import Checked
from rag.records import Span
from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.choosing.rivals import rivals_of
from rag.summaries.choosing.selecting import Room
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.telling import stated
from rag.summaries.choosing.weighing import Weights, weighed
from rag.summaries.lengths import TOLERANCE
from rag.words import stems

LONGEST = 24
"""Words, where no length is asked for."""
TITLE = 6.0
"""What a sentence weighs more that holds all words of the title of the article it is of, or of what was asked."""
FEWEST = 5
"""Words that are left of a sentence that is cut, at least."""
_ADDS = re.compile(
    r", (?=(?:which|who|whose|where|while|as|amid|after|following|leaving|making|bringing|including|with|(?:in )?an?)"
    r"\b)"
)
"""Where a clause or phrase begins that only adds to what was said, if it runs to the end of the sentence."""
_CHANGES = re.compile(
    r"[,;:—–]|\b(?:sa(?:id|ys)|told|tells|accord\w*|claim\w*|alleg\w*|announc\w*|report\w*|warn\w*|add(?:s|ed)|argu\w*"
    r"|believ\w*|estimat\w*|expect\w*|if|unless|but|although|though|however|not|no|never|n[’']t|except|only|may|might"
    r"|could|would|likely|possibly|perhaps|instead|rather)\b",
    re.IGNORECASE,
)
"""What may not be left out: who says it, or what makes it doubtful, conditional or another thing."""
_SUBORDINATE = re.compile(
    r"(?:after|when|while|as|if|although|though|because|since|before|until|unless|despite|with|in|on|at|for|by|from)\b",
    re.IGNORECASE,
)
"""A sentence that begins so may say its main thing behind the comma."""


def write(brief: Brief) -> Outcome:
    """One statement of the largest story."""
    story = brief.stories[0]
    sentences, weights = weighed(story.articles)
    weights = weights.toward(stems(brief.subject or ""), TITLE).toward(stems(story.title), TITLE).opening()
    rivals = rivals_of(story.articles, brief.embed)
    longest = brief.length.words or LONGEST
    whole = [place for place, one in enumerate(sentences) if one.eligible]
    ranked = sorted(whole, key=lambda place: _order(sentences, weights, place, longest))
    best = next((place for place in ranked if not rivals.newer(place)), None)
    if best is None:
        return Outcome()
    checked = _told(sentences, best, brief, longest)
    room = Room(brief.length)
    room.take(len(checked.text.split()), 1)
    return Outcome((Part((checked,)),), notes=tuple(room.noted(brief.length)))


def _order(sentences: Sequence[Sentence], weights: Weights, place: int, longest: int) -> tuple[float, ...]:
    """What fits before what does not, the weightiest first; of what does not fit, the shortest first."""
    unit = sentences[place].unit
    words = (
        len(_shortened(sentences[place], longest).split())
        if len(unit) == 1
        else sum(sentences[one].words for one in unit)
    )
    fits = words <= longest * (1 + TOLERANCE)
    return (0, -weights.of([place]), place) if fits else (1, words, place)


def _told(sentences: Sequence[Sentence], place: int, brief: Brief, longest: int) -> Checked:
    one = sentences[place]
    if len(one.unit) > 1:
        return stated([sentences[each] for each in one.unit], brief.carriers)
    shorter = _shortened(one, longest)
    return stated([replace(one, span=Span(one.span.start, one.span.start + len(shorter)))], brief.carriers)


def _shortened(one: Sentence, longest: int) -> str:
    """The sentence, without the additions at its end where it is too long with them."""
    text = one.text
    for end in reversed([match.start() for match in _ADDS.finditer(text)]):
        if len(text.split()) <= longest:
            break
        if _may_end(text, end):
            text = text[:end]
    return text


def _may_end(text: str, end: int) -> bool:
    """Whether what stands before a place says what the whole does, only less of it."""
    left = text[:end]
    return (
        len(left.split()) >= FEWEST
        and _SUBORDINATE.match(left) is None
        and _CHANGES.search(text, end + 2) is None
        and closed(left)
    )
