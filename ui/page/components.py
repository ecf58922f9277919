"""What every view of the page is put together from: places for HTML of ours, and listeners of their events.

Gradio itself is handed in by ``ui.page.layout``, the only file that imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, replace
from importlib.resources import files
from typing import Any

from rag.errors import GroundwireError
from ui.readers import origin_of, reader_of

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""A listener that shows what it has to show by itself, and is no part of the API."""
AT_ONCE = {**QUIET, "queue": False}
"""One that waits for nobody."""
_MOST_DIGITS = 10


def html(gradio: Any, name: str, *, value: str = "", script: str | None = None, render: bool = True) -> Any:
    """A place for HTML of ours, by its name; a script of ``static/`` sees what is pressed in it."""
    code = files("ui").joinpath("static", script).read_text("utf-8") if script else None
    return gradio.HTML(value, elem_id=name, apply_default_css=False, js_on_load=code, render=render)


def on(gradio: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """A listener for an event of ours: ``act`` gets what the browser sent, who reads, and the inputs."""

    def listener(event, request, *inputs):  # type: ignore[no-untyped-def]
        with _stated(gradio):
            return act(sound(event._data), reader(request), *map(sound, inputs))

    return _annotated(listener, event=gradio.EventData, request=gradio.Request)


def by(gradio: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """A listener for an event of Gradio's, which sends nothing: ``act`` gets who reads, and the inputs."""
    return on(gradio, lambda _, *given: act(*given))


def asked(gradio: Any, view: Any, act: Callable[..., Any]) -> Callable[..., Any]:
    """A listener that has a view answer step by step: each is a record, or a tuple, whose parts are the outputs.

    ``act`` gets the view, whose admission counts the question for the browser's address besides its reader, what the
    browser sent, who reads, and the inputs.
    """

    def steps(event, request, *inputs):  # type: ignore[no-untyped-def]
        here = replace(view, admission=view.admission.of(origin_of(request)))
        with _stated(gradio):
            for shown in act(here, sound(event._data), reader(request), *map(sound, inputs)):
                yield values(gradio, shown)

    return _annotated(steps, event=gradio.EventData, request=gradio.Request)


def values(gradio: Any, shown: Any) -> list[Any]:
    """The fields of a record, or the parts of a tuple, in order; ``None`` leaves an output as it is."""
    told = shown if isinstance(shown, tuple) else (getattr(shown, one.name) for one in fields(shown))
    return [gradio.skip() if value is None else value for value in told]


def opened(gradio: Any, article: Callable[[object], str]) -> Callable[..., Any]:
    """A listener that shows the article whose name was pressed."""
    return on(gradio, lambda data, *_: article(chosen(data, "id")))


def reader(request: Any) -> str:
    """Who sent a request of the page; ``""`` for a browser that keeps no cookies."""
    return reader_of(request.cookies) or ""


def sound(value: Any) -> Any:
    """What a browser sent, with a mark in place of half a surrogate pair, which nothing further down can encode."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [sound(one) for one in value]
    return {sound(name): sound(one) for name, one in value.items()} if isinstance(value, dict) else value


def chosen(data: object, name: str) -> object:
    """One value the browser sent with an event; ``None`` where it sent something else."""
    return data.get(name) if isinstance(data, Mapping) else None


def counted(value: object) -> int:
    """A number from 1 as a browser sends it, whatever it sent; 0 where it is none."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _MOST_DIGITS else 0


@contextmanager
def _stated(gradio: Any) -> Iterator[None]:
    """A stated error becomes Gradio's, whose line the page tells; what is shown stays as it is."""
    try:
        yield
    except GroundwireError as error:
        raise gradio.Error(str(error), print_exception=False) from error


def _annotated(listener: Callable[..., Any], **kinds: Any) -> Callable[..., Any]:
    # Gradio passes an event's data and its request to the arguments annotated with its own types.
    listener.__annotations__ = kinds
    return listener
