"""The view in which questions are asked: the conversation and where a question is put."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ui.page.chat import Chat, Shown
from ui.page.components import AT_ONCE, QUIET, asked, by, chosen, html, on, opened, values

_PUT = "(...given) => window.groundwire.put(...given)"
"""Takes the question away where it was put during an answer and stands in the box no longer at its end."""


def asking(gradio: Any, chat: Chat, at: Any, panel: Any, download: Any) -> tuple[Any, list[Any]]:
    """The conversation, and the question box with what is said of it; ``at`` holds the id of the one that is open."""
    editing = gradio.Textbox(visible=False)
    conversation = html(gradio, "conversation", script="conversation.js")
    changing = html(gradio, "changing", script="changing.js", render=False)
    question, ask, stop, new = _composer(gradio, changing)

    shown = [at, conversation, panel, question, editing, changing]
    told = {"outputs": shown, "trigger_mode": "once", "concurrency_limit": None, **QUIET}
    written = asked(gradio, chat, lambda chat, _, reader, *given: _put(chat, reader, *given))
    waits = {**told, "trigger_mode": "always_last", "js": _PUT}
    put = gradio.on([question.submit, ask.click], written, [question, at, editing], **waits)
    suggested = asked(
        gradio, chat, lambda chat, data, reader, at: chat.ask(reader, str(chosen(data, "question")), at)
    )
    again = asked(gradio, chat, lambda chat, data, reader, at: chat.again(reader, at, chosen(data, "turn")))
    for answered in (put, conversation.question(suggested, at, **told), conversation.again(again, at, **told)):
        answered.failure(by(gradio, chat.failed), at, conversation, **AT_ONCE)
    stop.click(by(gradio, chat.stop), at, None, **AT_ONCE)
    new.click(lambda at: values(gradio, chat.new(at)), at, shown, **AT_ONCE)

    edited = on(gradio, lambda data, reader, at: chat.edit(reader, at, chosen(data, "turn")))
    conversation.edit(edited, at, [question, editing, changing], **AT_ONCE)
    changing.cancel(lambda: ("", "", ""), None, [question, editing, changing], **AT_ONCE)
    again_looked = on(gradio, lambda _, reader, at: values(gradio, chat.looked_again(reader, at)))
    conversation.look(again_looked, at, [conversation, panel], **AT_ONCE)
    conversation.judge(_judged(gradio, chat), at, conversation, **AT_ONCE)
    _looked_at(gradio, chat, conversation, at, panel, download)
    return conversation, [question, editing, changing]


def _put(chat: Chat, reader: str, question: object, at: str, editing: str) -> Iterator[Shown]:
    return iter((Shown(),)) if question is None else chat.ask(reader, str(question), at, editing)


def _looked_at(gradio: Any, chat: Chat, conversation: Any, at: Any, panel: Any, download: Any) -> None:
    """What is only shown or taken away of an answer that is there."""
    cited = on(gradio, lambda data, reader, at: chat.cited(reader, at, chosen(data, "turn"), chosen(data, "number")))
    exported = on(
        gradio, lambda data, reader, at: chat.exported(reader, at, chosen(data, "turn"), chosen(data, "form"))
    )
    copied = on(gradio, lambda data, reader, at: chat.copied(reader, at, chosen(data, "turn")))
    conversation.cite(cited, at, panel, **AT_ONCE)
    conversation.export(exported, at, download, **AT_ONCE)
    conversation.copy(copied, at, download, **AT_ONCE)
    conversation.article(opened(gradio, chat.article), at, panel, **AT_ONCE)


def _judged(gradio: Any, chat: Chat) -> Any:
    def judge(data: object, reader: str, at: str) -> str:
        right, place, note = (chosen(data, name) for name in ("right", "sentence", "note"))
        return chat.judge(reader, at, chosen(data, "turn"), right, place, note)

    return on(gradio, judge)


def _composer(gradio: Any, changing: Any) -> tuple[Any, Any, Any, Any]:
    with gradio.Row(elem_id="composer"):
        changing.render()
        question = gradio.Textbox(
            label="Your question",
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            autofocus=True,
            elem_id="question",
        )
        ask = gradio.Button("Ask", elem_id="ask", variant="primary")
        stop = gradio.Button("Stop", elem_id="stop")
        new = gradio.Button("Start over", elem_id="new")
    return question, ask, stop, new
