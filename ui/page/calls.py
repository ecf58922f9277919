"""The calls that Gradio's own clients make by name: ``/ask``, ``/search``, ``/summarize`` and ``/article``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any

from rag import contract
from rag.errors import GroundwireError
from ui import calls
from ui.readers import origin_of, who

if TYPE_CHECKING:
    from rag import Archive
    from ui.admission import Admission

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """The calls on one archive. Which model writes is the server's choice, never the caller's."""

    archive: Archive
    admission: Admission
    model: str | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """One of them: what may be asked, how it is answered, as what, and what is said of it."""

    options: type[calls.Call]
    answer: Callable[[Named, Any], Any]
    gives: Any
    does: str


def _ask(on: Named, call: calls.Ask) -> Json:
    return contract.answer_json(calls.ask(on.archive, call, model=on.model))


def _search(on: Named, call: calls.Search) -> list[Json]:
    return contract.hits_json(calls.search(on.archive, call))


def _summarize(on: Named, call: calls.Summarize) -> Json:
    return contract.summary_json(calls.summarize(on.archive, call, model=on.model))


def _article(on: Named, call: calls.Open) -> Json:
    return contract.article_json(calls.article(on.archive, call))


_CALLS: Mapping[str, _Call] = {
    "ask": _Call(
        calls.Ask,
        _ask,
        Json,
        "Answer a question from the articles, or say why they do not: what `groundwire ask --json` prints.",
    ),
    "search": _Call(
        calls.Search,
        _search,
        list[Json],
        "Find the passages that fit a query best: what `groundwire search --json` prints.",
    ),
    "summarize": _Call(
        calls.Summarize,
        _summarize,
        Json,
        "Summarise whole articles, those of a query, story or period: what `groundwire summarize --json` prints.",
    ),
    "article": _Call(
        calls.Open,
        _article,
        Json,
        "Get one whole article with the text that citations index: what `groundwire articles show --json` prints.",
    ),
}


def name_calls(gradio: Any, page: Any, named: Named) -> None:
    """Make the calls part of the page that is being laid out; a stated error reaches the caller as its one line."""
    for name, call in _CALLS.items():
        made = gradio.api(_admitted(gradio, call, named), api_name=name)
        for number, option in zip(made["inputs"], call.options.names(), strict=True):
            # Gradio's clients show this beside the type; Gradio itself has no way to set it.
            told = call.options.model_fields[option].description
            page.blocks[number].api_info()["additional_description"] = told


def _admitted(gradio: Any, call: _Call, named: Named) -> Callable[..., Any]:
    """The call once there is a place for who makes it.

    Errors of ours become Gradio's, which alone tells them to callers; of all others it tells nothing.
    """
    options = [_option(call.options, name) for name in call.options.names()]

    def admitted(request: Any, *given: Any) -> Any:
        try:
            with named.admission.of(origin_of(request)).admitted(who(request)):
                return call.answer(named, call.options.read(dict(zip(call.options.names(), given, strict=True))))
        except GroundwireError as error:
            raise gradio.Error(calls.line(error), print_exception=False) from error

    # Gradio reads options off the signature, and puts the request where its own type stands.
    first = Parameter("request", Parameter.POSITIONAL_OR_KEYWORD, annotation=gradio.Request)
    admitted.__signature__ = Signature([first, *options], return_annotation=call.gives)  # type: ignore[attr-defined]
    admitted.__annotations__ = {one.name: one.annotation for one in (first, *options)}
    admitted.__doc__ = call.does
    return admitted


def _option(options: type[calls.Call], name: str) -> Parameter:
    field = options.model_fields[name]
    # Gradio tells the type of a record as that of its class.
    kind = list[dict[str, str]] | None if name == "history" else field.annotation
    default = Parameter.empty if field.is_required() else field.default
    return Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, default=default)
