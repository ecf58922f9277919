"""The fields of another system's output: what each may be called, and its value checked.

Every ``ValueError`` is one clear line that begins with the field.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

QUESTION = ("question", "user_input", "query", "input")
ANSWER = ("answer", "response", "result", "summary")
CONTEXTS = ("contexts", "retrieved_contexts", "context", "source_documents")
REFERENCE = ("reference", "ground_truth", "ground_truths")
REFERENCE_CONTEXTS = ("reference_contexts",)
ARTICLE = ("article", "article_id", "title", "url", "id")
"""What may name the article of a context."""
_TEXT = ("text", "page_content", "content")
_SURROGATE = re.compile("[\ud800-\udfff]")


def find(record: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    """The first of these fields that is given and its value; the first name and ``None`` where none is."""
    return next(((name, record[name]) for name in names if record.get(name) is not None), (names[0], None))


def text(value: object, name: str) -> str:
    """Text that is not blank, without what no encoding holds."""
    if not isinstance(value, str):
        raise ValueError(f"'{name}' is {told(value)}; it must be text")
    if not value.strip():
        raise ValueError(f"'{name}' is empty; it must be text")
    return _SURROGATE.sub("\ufffd", value)


def texts(value: object, name: str) -> list[str]:
    """A text, or a list of them; none where nothing is given."""
    return [text(one, name) for one in listed(value, name)]


def listed(value: object, name: str) -> list[Any]:
    """The items of a list; one that stands alone is a list of one."""
    if value is None:
        return []
    if isinstance(value, str | dict):
        return [value]
    if not isinstance(value, list | tuple):
        raise ValueError(f"'{name}' is {told(value)}; it must be a list")
    return list(value)


def context_text(value: object, name: str) -> str | None:
    """The words of a retrieved context: text, an object that has some, or LangChain's document; ``None`` for none."""
    if isinstance(value, dict):
        named, given = find(value, _TEXT)
        return None if given is None else text(given, f"{name}.{named}")
    return text(getattr(value, "page_content", value), name)


def whole(value: object, name: str) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"'{name}' is {told(value)}; it must be a whole number")
    return value


def count(value: object, name: str) -> int:
    """A whole number that is not negative."""
    if (number := whole(value, name)) < 0:
        raise ValueError(f"'{name}' is {number}; it must be a whole number from 0")
    return number


def amount(value: object, name: str) -> float:
    """A finite number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"'{name}' is {told(value)}; it must be a finite number from 0")
    return float(value)


def check_finite(value: object, name: str) -> None:
    """No number in it, however deep, is NaN or infinite."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"'{name}' is {told(value)}; it must be a finite number")
    if isinstance(value, dict):
        for key, one in value.items():
            check_finite(one, f"{name}.{key}")
    if isinstance(value, list | tuple):
        for one in value:
            check_finite(one, name)


def told(value: object) -> str:
    """A value of the wrong kind, as messages call it."""
    if value is None:
        return "nothing"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "infinite"
    return str(value) if isinstance(value, bool | int | float) else type(value).__name__
