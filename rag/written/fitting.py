"""What goes into one prompt: the most valuable passages and the latest turns, whole, within the tokens there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag import passages, tokens
from rag.citing import Passed
from rag.evidence import Evidence
from rag.records import Turn
from rag.written import prompts

PASSAGE_TOKENS = 6_000
"""Of passages in one prompt at most: more costs more than it adds, and long prompts are read less well."""
HISTORY_TOKENS = 1_000
FRAME_TOKENS = 700
"""Of a prompt's rules, question and date, at most."""


def fitting(passed: Sequence[Passed], evidence: Sequence[Evidence], room: int) -> list[Passed]:
    """The passages that fit into ``room`` tokens, those that hold evidence first, then as they were found.

    A passage is never cut, but for the first one, which loses its last sentences where it is too long alone.
    """
    order = sorted(passed, key=lambda one: not any(_holds(one, each) for each in evidence))
    shown: list[Passed] = []
    left = min(room, PASSAGE_TOKENS)
    for one in order:
        size = _size(one)
        if size <= left:
            shown.append(one)
            left -= size
    return shown or [_cut(one, left) for one in order[:1]]


def recent(history: Sequence[Turn], room: int = HISTORY_TOKENS) -> list[Turn]:
    """The latest turns that fit into ``room`` tokens together, in their order."""
    kept: list[Turn] = []
    for turn in reversed(history):
        room -= tokens.count(turn.question) + tokens.count(turn.answer)
        if room < 0:
            break
        kept.insert(0, turn)
    return kept


def fence(passed: Passed) -> prompts.Fenced:
    """A passage as prompts show it."""
    article = passed.article
    return prompts.Fenced(passed.hit.text, article.title, article.source, article.published_at)


def _holds(one: Passed, evidence: Evidence) -> bool:
    same = one.article.id == evidence.article.id
    return same and one.hit.start <= evidence.span.start < one.hit.end


def _size(one: Passed) -> int:
    return tokens.count(prompts.fenced([fence(one)]))


def _cut(one: Passed, room: int) -> Passed:
    """The passage without its last sentences; its first one is left at least."""
    ends = [span.end for span in passages.sentences(one.hit.text, one.article.language)] or [len(one.hit.text)]
    for end in reversed(ends):
        shorter = replace(one, hit=replace(one.hit, text=one.hit.text[:end], end=one.hit.start + end))
        if _size(shorter) <= room:
            break
    return shorter
