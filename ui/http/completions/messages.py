"""A list of messages -> the question asked last, and the turns before it.

Messages of the system, a developer or a tool are not read: nothing but the archive says how it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.errors import UsageError
from rag.options import LONGEST_QUESTION, check_question
from rag.records import Turn
from ui.http.completions.faults import Refused

EARLIER = 20
"""Turns before the question that are read, the latest."""
LONGEST = LONGEST_QUESTION
"""Characters that are read of an earlier message."""
_UNREAD = ("system", "developer", "tool", "function")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the user or the assistant said, and where in the request it stands."""

    role: str
    text: str
    param: str


def conversation(messages: object) -> tuple[str, tuple[Turn, ...]]:
    """The question and its history. Raises Refused, naming the message at fault."""
    if not isinstance(messages, list) or not messages:
        raise Refused("'messages' must be a list that ends with a user's message.", param="messages")
    said = [one for place, message in enumerate(messages) if (one := _said(message, f"messages[{place}]"))]
    if not said or said[-1].role != "user":
        raise Refused("The last message must be the user's question.", param="messages")
    question = said[-1]
    try:
        check_question(question.text, "question")
    except UsageError as error:
        raise Refused(str(error), param=f"{question.param}.content") from error
    return question.text, tuple(_turns(said[:-1]))[-EARLIER:]


def _turns(said: Sequence[_Said]) -> Iterable[Turn]:
    """Each question with all that was answered until the next; what came before the first answers none."""
    asked: list[list[str]] = []
    for one in said:
        if one.role == "user":
            asked.append([one.text])
        elif asked:
            asked[-1].append(one.text)
    return (Turn(question[:LONGEST], "\n".join(answers)[:LONGEST]) for question, *answers in asked)


def _said(message: object, param: str) -> _Said | None:
    """A message's words; ``None`` for one that is not read."""
    role = message.get("role") if isinstance(message, dict) else None
    if not isinstance(message, dict) or role not in ("user", "assistant", *_UNREAD):
        raise Refused(
            f"{param} must be an object whose 'role' is system, developer, user, assistant or tool.",
            param=f"{param}.role",
        )
    if role in _UNREAD:
        return None
    content = message.get("content")
    if content is None and role == "assistant":  # one that only called tools, of another model
        return None
    return _Said(role, _text(content, f"{param}.content"), param)


def _text(content: object, param: str) -> str:
    if isinstance(content, str):
        return _whole(content)
    if not isinstance(content, list) or not content:
        raise Refused(f"{param} must be a text, or a list of parts of type 'text'.", param=param)
    return "\n".join(_part(part, f"{param}[{place}]") for place, part in enumerate(content))


def _part(part: object, param: str) -> str:
    match part:
        case {"type": "text", "text": str(text)} | {"type": "refusal", "refusal": str(text)}:
            return _whole(text)
    raise Refused(f"{param} is no text. Only text is read: no images, sounds or files.", param=param)


def _whole(text: str) -> str:
    """Text that can be stored and sent: JSON can hold halves of characters, and NUL."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
