"""Any callable as a system: ``module:function`` is imported, and called for each case by what its parameters are.

It is given the case, and the suite's articles where it takes a second argument or one called ``articles``. A first
parameter called question, query, text, user_input or prompt, or marked as ``str``, is given the question's words
instead of the case. It may be ``async``. It is called from several threads at once, unless one job was asked for.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import inspect
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from pathlib import Path
from types import ModuleType
from typing import Any

from eval.cases import Case
from eval.foreign.outputs import output_from
from eval.foreign.shelf import Shelf
from eval.running.calls import System
from eval.running.runner import Opener
from eval.scores import Output
from rag.errors import InputError, UsageError
from rag.records import Article

QUESTIONS = frozenset({"question", "query", "text", "user_input", "prompt"})
"""Names of a first parameter that is given the question's words."""
_STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_NAMED = re.compile(r"(?P<module>[\w.]+):(?P<function>[\w.]+)")

Call = Callable[[Case, Sequence[Article]], object]


def opener(named: str) -> tuple[Opener, str]:
    """What makes a system of a suite's articles, and the SHA-256 of the module's source.

    Raises:
        UsageError: there is no such module or function, importing it fails, or it cannot be called with a case.
    """
    match = _NAMED.fullmatch(named)
    if match is None:
        raise UsageError(f"'{named}' names no callable; write module:function, such as my_rag:answer.")
    module = _imported(match["module"])
    call = _calling(_found(module, match["function"], named), named)

    def opened(articles: Sequence[Article]) -> System:
        shelf = Shelf(articles)
        return lambda case: _output(call(case, articles), case, shelf)

    return opened, _digest(module)


def _output(given: object, case: Case, shelf: Shelf) -> Output:
    if inspect.isawaitable(given):
        given = asyncio.run(_awaited(given))
    try:
        return output_from(given, case, shelf)
    except ValueError as error:
        raise InputError(str(error)) from None


async def _awaited(given: Awaitable[object]) -> object:
    return await given


def _imported(name: str) -> ModuleType:
    """The module, looked for in the current folder first."""
    if (here := os.getcwd()) not in sys.path[:1]:
        sys.path.insert(0, here)
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            hint = " without '.py'" if name.endswith(".py") else ""
            raise UsageError(
                f"No module '{name}' in this folder or installed; write module:function{hint}, such as my_rag:answer."
            ) from None
        raise UsageError(f"Importing '{name}' needs '{error.name}', which is not installed; install it.") from None
    except (Exception, SystemExit) as error:  # it is the user's own code, which may raise anything
        told = " ".join(str(error).split())[:200] or "no message"
        raise UsageError(f"Importing '{name}' raised {type(error).__name__}: {told}; correct the module.") from None


def _found(module: ModuleType, path: str, named: str) -> Callable[..., object]:
    try:
        found = reduce(getattr, path.split("."), module)
    except AttributeError:
        raise UsageError(f"'{module.__name__}' has no '{path}'; name a function that it defines.") from None
    if not callable(found):
        raise UsageError(f"'{named}' is {type(found).__name__}, which cannot be called; name a function.")
    return found


def _calling(function: Callable[..., Any], named: str) -> Call:
    """How the function is called for a case, by its signature; one that shows none is given the case."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return lambda case, _: function(case)
    placed = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    open_ended = any(one.kind is one.VAR_POSITIONAL for one in parameters)
    required = [one for one in parameters if one.default is one.empty and one.kind not in _STARRED]
    keyword = next((one.name for one in required if one.kind is one.KEYWORD_ONLY), None)
    if len(required) > 2 or keyword or not (placed or open_ended):
        takes = f"needs '{keyword}'" if keyword else f"takes {len(required)} arguments"
        raise UsageError(f"'{named}' {takes}; it must take (case), (case, articles) or (question).")
    first = placed[0] if placed else None
    asks = first is not None and (first.name in QUESTIONS or first.annotation in (str, "str"))
    second = next((one for one in placed[1:2] if one in required or one.name == "articles"), None)

    def call(case: Case, articles: Sequence[Article]) -> object:
        asked = case.question if asks else case
        return function(asked, articles) if second else function(asked)

    return call


def _digest(module: ModuleType) -> str:
    """Of the source, or of the name where there is none."""
    file = getattr(module, "__file__", None)
    return hashlib.sha256(Path(file).read_bytes() if file else module.__name__.encode()).hexdigest()
