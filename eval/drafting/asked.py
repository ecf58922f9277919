"""A sentence that a question can be made of, a question made of it, and what every such question must hold to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from eval.wording import contains, words
from rag.claims import dates, names
from rag.records import Article

FACTS, DATES, ATTRIBUTION = "facts", "dates", "attribution"
_UNPLACED = re.compile(
    r"\bthe (?:federal |new |first )?(?:law)?(?:suit|attack|plant|project|bill|announcement|case|deal|plan|decision"
    r"|report|meeting|event|incident|company|agency|group|move|measure|order|complaint|charges?|allegations?|shooting|crash|fire"
    r"|storm|vote|trial|victims?|suspects?|site|building|school|game|match|show|film|move|statement|ruling|offer|agreement)"
    r"(?! (?:of|on|in|at|against|by|for|between|to|that|who|from|with|over|near)\b)(?=[ ?,.])"
)
"""A thing like "the lawsuit", with nothing that says which."""
LONGEST = 260
"""Characters of a question."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A sentence of an article from which a question is drafted."""

    article: Article
    text: str
    """Word for word as the article has it."""

    @property
    def published(self) -> datetime | None:
        """The day by which "on Monday" is resolved."""
        return self.article.published_at


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the words of its sentence that answer it."""

    question: str
    answer: str
    tag: str
    how: str
    """What was done to the sentence, in a few words."""
    speaker: tuple[str, ...] = ()
    """Names of who said it, where it is only said."""
    date: str | None = None
    """ISO day, month or year on which it took place."""
    cloze: bool = False
    """Whether it is the sentence with a gap."""


def is_sound(asked: Asked, bearer: Bearer) -> bool:
    """Whether the answer stands in the sentence and not in the question, and the question names what it is about."""
    shown, answer = words(asked.question), words(asked.answer)
    return (
        len(asked.question) <= LONGEST
        and contains(words(bearer.text), answer)
        and not contains(shown, answer)
        and names_something(asked.question)
        and (asked.cloze or not _is_adrift(asked.question))
    )


def names_something(question: str) -> bool:
    """Whether a question holds a proper name, without which nobody could tell what it is about."""
    return any(name.start > 0 for name in names.find(question))


def is_telling(question: str) -> bool:
    """Whether its names are more than one lone word, such as a surname, of which an archive may know several."""
    return sum(len(name.words.split()) for name in names.find(question) if name.start > 0) > 1


def _is_adrift(question: str) -> bool:
    """Whether a question speaks of a day, or of a thing, that only who reads the article can know."""
    return any(mention.year is None for mention in dates.find(question)) or _UNPLACED.search(question) is not None
