"""What a reader can do with an answer: copy it, ask again, change the question, say whether it was right, keep it."""

from __future__ import annotations

from eval.feedback import Feedback
from rag.records import Answer
from ui.html.markup import buttons_html, escape, named
from ui.kept.exchange import LONGEST_NOTE

_UNDO = "Take it back"
_RIGHTLY = "What would be right? (if you know)"
_LONGEST = 160
"""Characters of a sentence offered as the wrong one."""


def actions_html(turn: int) -> str:
    """The buttons below an answer."""
    buttons = _button("copy", turn, "Copy with sources") + _button("again", turn, "Ask again")
    return f'<div class="actions">{buttons}{_button("edit", turn, "Change the question")}{buttons_html(turn)}</div>'


def failed_html(turn: int) -> str:
    """The buttons below a question that has no answer."""
    buttons = _button("again", turn, "Ask again") + _button("edit", turn, "Change the question")
    return f'<div class="actions">{buttons}</div>'


def judging_html(answer: Answer, turn: int, feedback: Feedback | None) -> str:
    """Where to say whether an answer was right; what was said, once it was."""
    if feedback is None:
        right = f'<button type="button" data-judge="right" data-turn="{turn}" {named("Right", turn)}>Right</button>'
        return f'<div class="judging"><span>Is this right?</span> {right}{_wrong(answer, turn)}</div>'
    # Built as the other, whose button it takes the place of: so that keeps the keyboard.
    undo = f'<button type="button" data-judge="undo" data-turn="{turn}" {named(_UNDO, turn)}>{_UNDO}</button>'
    return f'<div class="judging judged" role="status"><span>{escape(_said(feedback))}</span> {undo}</div>'


def _wrong(answer: Answer, turn: int) -> str:
    """The form that asks what is wrong with an answer."""
    name = f"wrong-{turn}"
    whole = "The refusal: the articles do say it" if answer.refusal else "The whole answer"
    choices = [("", whole), *((str(place), one.text) for place, one in enumerate(answer.statements))]
    offered = "".join(
        f'<label dir="auto"><input type="radio" name="{name}" value="{value}"{" checked" if not value else ""}>'
        f" {escape(_short(text))}</label>"
        for value, text in choices
    )
    return (
        f'<details class="wrong" data-kept="wrong-{turn}"><summary {named("Wrong", turn)}>Wrong</summary>'
        f'<form data-judge="wrong" data-turn="{turn}"><fieldset {named("What is wrong?", turn)}>'
        f'<legend>What is wrong?</legend>{offered}</fieldset><label for="note-{turn}">{_RIGHTLY}</label>'
        f'<textarea id="note-{turn}" {named(_RIGHTLY, turn)} name="note" rows="2" maxlength="{LONGEST_NOTE}"'
        f' dir="auto"></textarea><button type="submit" {named("Send", turn)}>Send</button></form></details>'
    )


def _said(feedback: Feedback) -> str:
    if feedback.right:
        return "You said that this is right."
    place = "" if feedback.sentence is None else f": sentence {feedback.sentence + 1}"
    return f"You said that this is wrong{place}."


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def _button(act: str, turn: int, label: str) -> str:
    return f'<button type="button" data-act="{act}" data-turn="{turn}" {named(label, turn)}>{label}</button>'
