"""A result cut where its headings stand: an answer is one block, a digest has one for each story."""

from __future__ import annotations

from dataclasses import dataclass

from rag.records import Answer, Statement
from rag.summary import Summary

Result = Answer | Summary
_NAMES = {"headline": "Headline", "timeline": "Timeline", "digest": "Digest", "differences": "Differences"}


@dataclass(frozen=True, slots=True)
class Block:
    """Statements under one heading, or under none."""

    statements: tuple[Statement, ...]
    heading: str | None = None
    outlets: tuple[str, ...] = ()
    """Outlets that tell it, where neither the heading nor the statements name them."""


def blocks(result: Result) -> tuple[Block, ...]:
    """What a result shows, in order; nothing for a refusal."""
    if result.refusal or not result.statements:
        return ()
    if isinstance(result, Summary) and result.sections:
        return tuple(
            Block(
                tuple(result.statements[place] for place in one.statements),
                one.heading,
                () if result.style == "differences" else one.outlets,
            )
            for one in result.sections
        )
    return (Block(result.statements),)


def doubted(result: Result) -> tuple[Block, ...]:
    """The statements shown that are only weakly supported, and those not shown, as far as there are any."""
    weak = tuple(one for one in result.statements if one.verdict == "weak")
    groups = (Block(weak, "Weakly supported"), Block(result.rejected, "Set aside"))
    return tuple(block for block in groups if block.statements)


def listed(result: Result) -> bool:
    """Whether each statement stands on a line of its own."""
    return isinstance(result, Summary) and result.style in ("bullets", "differences")


def titled(result: Result) -> str:
    """What a result is called: the question that it answers, or a summary's form and what it is about."""
    if isinstance(result, Answer):
        return result.question
    name = _NAMES.get(result.style, "Summary")
    return f"{name}: {result.subject}" if result.subject else name
