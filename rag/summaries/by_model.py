"""A summary that a language model writes; every sentence is checked, and cites the exact words it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from rag.citing import Checked
from rag.errors import Declined, ModelError
from rag.records import Refusal
from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.forms.prose import apart
from rag.summaries.writing.calling import Calls, Told
from rag.summaries.writing.filling import filled, filling
from rag.summaries.writing.merging import by_rank, merge, merging
from rag.summaries.writing.packing import PART_TOKENS
from rag.summaries.writing.planning import like, plan, usual
from rag.summaries.writing.wanted import note, wanted
from rag.summary import Plan, Progress, Style, Watch
from rag.written.fitting import FRAME_TOKENS

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

LEAST_ROOM = 500
"""Tokens of passages in a prompt, also where a model hardly reads so many: its server then says so."""
SENTENCE_TOKENS = 40
"""That a sentence of a reply may take."""

OUTLINED: tuple[Style, ...] = ("timeline", "digest", "differences")
Outline = Callable[[Brief], Outcome]
"""What a form with headings is made of, found without a model."""


class ModelSummarizer:
    """Has a model write from whole articles, in as many calls as they need; every sentence is checked."""

    def __init__(self, model: ChatModel, outline: Outline, *, repair: bool = True) -> None:
        """``outline`` finds the days, stories or points of a form that has them, with the articles' own sentences.
        With ``repair``, sentences of the last round that were set aside are given back once to be corrected.
        """
        self.name = model.name
        self._model = model
        self._outline = outline
        self._repair = repair

    def write(self, brief: Brief, watch: Watch | None = None) -> Outcome:
        """The sentences that hold, to the length asked for. What other calls gave is kept where one fails.

        Raises:
            ModelError: a call failed, and nothing holds.
        """
        return self._filled(brief, watch) if brief.style in OUTLINED else self._merged(brief, watch)

    def _merged(self, brief: Brief, watch: Watch | None) -> Outcome:
        """One text from parts, by map and reduce."""
        want = wanted(brief.style, brief.length, max(1, self._model.longest // SENTENCE_TOKENS))
        usually = usual(brief.articles)
        work = merging(brief, want, self._room, usually)
        planned = plan(self._model, len(brief.articles), work.first, work.levels, usually)
        calls = self._calls(planned, watch)
        merged = merge(work, calls)
        # Where not one fact was found to merge, no part's own faults are worth another call each.
        told, notes = self._corrected(merged.told, calls) if len(merged.told) == 1 else (merged.told, [])
        shown = want.cut(_text(told, merged.before))
        notes = [*apart(brief), *note(shown, brief.length), *notes, *_dropped(merged.faults)]
        return self._outcome(brief, (Part(tuple(shown)),), merged.errors, planned, calls, notes)

    def _filled(self, brief: Brief, watch: Watch | None) -> Outcome:
        """The parts of an outline, each told by the model; where it tells nothing that holds, by the articles."""
        outline = self._outline(brief)
        if not any(part.checked for part in outline.parts):
            return outline
        work = filling(brief, outline.parts, self._room)
        planned = plan(self._model, len(brief.articles), work.asked, (), like(outline.parts))
        calls = self._calls(planned, watch)
        told = calls.halved(calls.tell(work.asked))
        errors = [one.error for one in told if one.error]
        told, notes = self._corrected(told, calls)
        written = filled(work, told)
        parts = written.parts if written.written or not errors else ()
        shown = [one for part in parts for one in part.checked]
        long = note(shown, brief.length) if brief.length.words else outline.notes
        outcome = self._outcome(brief, parts, errors, planned, calls, [*long, *notes, *_own(written.own)])
        return replace(outcome, reasons=outline.reasons)

    @property
    def _room(self) -> int:
        return max(LEAST_ROOM, min(PART_TOKENS, self._model.context - self._model.longest - FRAME_TOKENS))

    def _calls(self, planned: Plan, watch: Watch | None) -> Calls:
        done = count(1)
        if watch is None:
            return Calls(self._model, lambda: None)
        watch(Progress(planned, 0))
        return Calls(self._model, lambda: watch(Progress(planned, next(done))))

    def _corrected(self, told: list[Told], calls: Calls) -> tuple[list[Told], list[str]]:
        """With faults given back once; what could not be, is left as it is and noted."""
        if not self._repair:
            return told, []
        corrected, errors = calls.corrected(told)
        return corrected, [f"What was set aside could not be given back to be corrected: {one}" for one in errors[:1]]

    def _outcome(
        self,
        brief: Brief,
        parts: tuple[Part, ...],
        errors: Sequence[ModelError],
        planned: Plan,
        calls: Calls,
        notes: Sequence[str],
    ) -> Outcome:
        written = [one for part in parts for one in part.checked]
        refusal = None
        if not any(one.check.verdict != "unsupported" for one in written):
            if errors and not isinstance(errors[0], Declined):
                raise errors[0]
            refusal = _refused(errors, written, brief.subject)
        incomplete = f"{len(errors)} of {calls.made} calls failed. {errors[0]}" if errors and not refusal else None
        return Outcome(
            parts,
            refusal=refusal,
            usage=calls.usage,
            plan=planned,
            notes=tuple(notes),
            incomplete=incomplete,
            seconds=calls.seconds,
        )


def _text(told: Sequence[Told], before: Sequence[Told]) -> list[Checked]:
    """What the last round wrote; where nothing of that holds, also what the round before did."""
    if len(told) == 1 and (told[0].held or not before):
        return list(told[0].checked)
    return [*by_rank(before or told), *(fault for one in told for fault in one.faults)]


def _refused(errors: Sequence[ModelError], written: Sequence[Checked], subject: str | None) -> Refusal | None:
    """Why there is nothing to show, unless what was written could not be checked."""
    if errors:
        return Refusal("declined", str(errors[0]))
    if written:
        return None
    about = f" of '{subject}'" if subject else ""
    return Refusal("not_answered", f"The model found nothing{about} in the articles to tell.")


def _dropped(count: int) -> list[str]:
    if not count:
        return []
    are = "1 sentence" if count == 1 else f"{count} sentences"
    return [f"Of what was written about parts of the articles, {are} did not hold and went no further."]


def _own(count: int) -> list[str]:
    if not count:
        return []
    are = "1 sentence is an article's" if count == 1 else f"{count} sentences are the articles'"
    return [f"{are} own, where the model wrote none that holds."]
