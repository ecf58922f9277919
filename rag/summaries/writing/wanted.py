"""How long a summary by a model is to be, what it is told of that, and the cut to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

from rag.citing import Checked
from rag.summaries.lengths import SENTENCES, TOLERANCE, WORDS, noted
from rag.summary import Length, Style
from rag.written import prompts

NO_MORE = "the model wrote no more that holds"
_TASKS = {
    "paragraph": prompts.paragraph_task,
    "bullets": prompts.bullets_task,
    "headline": prompts.headline_task,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A length that a model can be told."""

    sentences: int
    words: int | None = None
    most: int | None = None
    """Sentences at most; ``None`` where the words alone decide."""

    def task(self, style: Style, subject: str | None) -> str:
        """What to write."""
        return _TASKS[style](self.sentences, self.words, subject)

    def cut(self, checked: Sequence[Checked]) -> list[Checked]:
        """The sentences without the last ones of those that hold, where these are too many or too long.

        One stays at least, whatever its length. Those that do not hold stay.
        """
        longest = self.words * (1 + TOLERANCE) if self.words else inf
        kept: list[Checked] = []
        shown = words = 0
        full = False
        for one in checked:
            if one.check.verdict != "unsupported":
                words += len(one.text.split())
                full = full or shown == self.most or (shown > 0 and words > longest)
                if full:
                    continue
                shown += 1
            kept.append(one)
        return kept


def wanted(style: Style, asked: Length, most: int) -> Wanted:
    """The length asked for, else the usual one of the form; a model is asked for at most ``most`` sentences."""
    usual = 1 if style == "headline" else ceil(asked.words / WORDS) if asked.words else SENTENCES
    sentences = min(asked.sentences or usual, most)
    by_words = asked.words is not None and asked.sentences is None and style != "headline"
    return Wanted(sentences, asked.words, None if by_words else sentences)


def note(checked: Sequence[Checked], asked: Length) -> list[str]:
    """That the length asked for could not be kept, where it could not."""
    shown = [len(one.text.split()) for one in checked if one.check.verdict != "unsupported"]
    return noted(asked, words=sum(shown), sentences=len(shown), lacking=NO_MORE) if shown else []
