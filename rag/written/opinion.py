"""A second opinion by a language model, which can only lower a verdict."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rag.citing import Checked
from rag.records import Problem, Verdict
from rag.verify import Check
from rag.written import prompts

Write = Callable[[str, str], str]
"""(system prompt, user prompt) -> what a model wrote."""
_WORD = re.compile(r"\b(yes|partly|no)\b", re.IGNORECASE)
_LOWERED: dict[str, Verdict] = {"partly": "weak", "no": "unsupported"}
UNREAD = "What '{name}' thinks of {count} of the sentences could not be read; their verdicts are those of the checks."


class Opinion:
    """Asks a model of each sentence whether the words it cites bear it."""

    def __init__(self, name: str, write: Write) -> None:
        self.name = name
        self._write = write
        self.unread = 0
        """Replies that were none of the words asked for."""

    def of(self, checked: Checked) -> Checked:
        """The sentence with its verdict lowered, where the model does not find it borne out. Raises ModelError."""
        if checked.check.verdict == "unsupported":
            return checked
        quotes = [
            prompts.Fenced(piece.quote, piece.article.title, piece.article.source, piece.article.published_at)
            for piece in checked.cited
        ]
        reply = self._write(prompts.OPINION, prompts.opinion_prompt(checked.text, quotes))
        word = _WORD.match(reply.strip("*_ .\"'`"))
        self.unread += word is None
        lowered = _LOWERED.get(word.group().lower()) if word else None
        if lowered is None:
            return checked
        how = "only in part" if lowered == "weak" else "not"
        problem = Problem("opinion", checked.text, f"'{self.name}' finds it {how} borne out by the words cited.")
        return replace(checked, check=Check(lowered, (*checked.check.problems, problem)))

    @property
    def note(self) -> str | None:
        """What a reader should know of sentences it said nothing of."""
        return UNREAD.format(name=self.name, count=self.unread) if self.unread else None
