"""What was written, beside the other articles of its story: figures that a later report or another outlet gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.citing import Checked, Piece
from rag.claims import quantities
from rag.summaries.brief import Brief, Part
from rag.summaries.choosing.rivals import Rivals, rivals_of
from rag.summaries.choosing.weighing import weighed
from rag.summaries.stories import Story


def compared(parts: Sequence[Part], brief: Brief) -> tuple[Part, ...]:
    """The parts, with statements marked whose figure a later report, or another outlet then, gives otherwise."""
    stories = {article.id: story for story in brief.stories for article in story.articles}

    def marked(checked: Checked) -> Checked:
        if checked.check.verdict == "unsupported" or not (stated := _figures(checked.text)):
            return checked
        found = [one for piece in checked.cited for one in _cited(piece, stories[piece.article.id], brief)]
        return replace(
            checked,
            superseded=any(_gives(stated, rivals, place, rivals.newer(place)) for rivals, place in found),
            conflict=any(_gives(stated, rivals, place, rivals.at_odds(place)) for rivals, place in found),
        )

    return tuple(replace(part, checked=tuple(map(marked, part.checked))) for part in parts)


def _cited(piece: Piece, story: Story, brief: Brief) -> Iterator[tuple[Rivals, int]]:
    """The sentences of a story that a piece of an article holds, by their places."""
    rivals = rivals_of(story.articles, brief.embed)
    for place, one in enumerate(weighed(story.articles)[0]):
        same = one.article.id == piece.article.id
        if same and one.span.start < piece.span.end and piece.span.start < one.span.end:
            yield rivals, place


def _gives(stated: set[tuple[str, object]], rivals: Rivals, place: int, others: Sequence[int]) -> bool:
    """Whether one of the figures stated is that of a sentence which others give otherwise."""
    return any(_figures(rivals.figure(place, other)) & stated for other in others)


def _figures(text: str) -> set[tuple[str, object]]:
    return {(one.kind, one.value) for one in quantities.find(text)}
