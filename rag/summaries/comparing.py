"""What a model wrote, beside the other articles of its story: figures that a later report or another outlet gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.citing import Checked
from rag.claims import quantities
from rag.summaries.brief import Brief, Part
from rag.summaries.choosing.rivals import Rivals
from rag.summaries.choosing.weighing import weighed
from rag.summaries.stories import Story


def compared(parts: Sequence[Part], brief: Brief) -> tuple[Part, ...]:
    """The parts with what is superseded or in conflict marked, as in summaries of the articles' own sentences."""
    stories = _Stories(brief)
    return tuple(replace(part, checked=tuple(stories.marked(one) for one in part.checked)) for part in parts)


class _Stories:
    """The figures of each story, found when one of its articles is cited."""

    def __init__(self, brief: Brief) -> None:
        self._embed = brief.embed
        self._stories = {article.id: story for story in brief.stories for article in story.articles}
        self._rivals: dict[str, Rivals] = {}

    def marked(self, checked: Checked) -> Checked:
        """A sentence that states a figure which other reports of its story give otherwise, so marked."""
        if checked.check.verdict == "unsupported" or not (stated := _figures(checked.text)):
            return checked
        superseded = conflict = False
        for rivals, place in self._cited(checked):
            superseded |= any(_figures(rivals.figure(place, other)) & stated for other in rivals.newer(place))
            conflict |= any(_figures(rivals.figure(place, other)) & stated for other in rivals.at_odds(place))
        return replace(checked, superseded=superseded, conflict=conflict)

    def _cited(self, checked: Checked) -> Iterator[tuple[Rivals, int]]:
        """The sentences that it cites, by their places in their stories."""
        for piece in checked.cited:
            story = self._stories[piece.article.id]
            for place, one in enumerate(weighed(story.articles)[0]):
                same = one.article.id == piece.article.id
                if same and one.span.start < piece.span.end and piece.span.start < one.span.end:
                    yield self._of(story), place

    def _of(self, story: Story) -> Rivals:
        name = story.articles[0].id
        if name not in self._rivals:
            self._rivals[name] = Rivals(weighed(story.articles)[0], self._embed)
        return self._rivals[name]


def _figures(text: str) -> set[tuple[str, object]]:
    return {(one.kind, one.value) for one in quantities.find(text)}
