"""``grounded(answer)``: whether every sentence shown is borne by what it cites, for a team's own tests."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eval.cases import Case
from eval.contexts import own_article, with_contexts
from eval.foreign import fields
from eval.foreign.checking import UNCITED, Cited
from eval.foreign.contract import checked, is_contract, parsed
from eval.foreign.outputs import output_from
from eval.foreign.shelf import Shelf
from eval.scores import Context, Output, dangling_faults, fault
from rag.errors import UnknownArticle, UsageError
from rag.records import Answer, Article, Citation, Statement
from rag.summary import Summary

_SHORT = 160
"""Characters of a sentence or a reason that are shown."""
_CASE = Case("grounded", "?", answerable=True, answers=(), gold=(), tags=(), source="?", licence="?")
"""Nothing is known of what was asked."""


@dataclass(frozen=True, slots=True)
class Groundedness:
    """How far an answer is grounded; true where enough sentences are supported and every quote is exact."""

    sentences: int
    """Shown; a refusal shows none, and is grounded."""
    supported: int
    unsupported: tuple[str, ...]
    """Each sentence at fault with the reason, in one line."""
    inexact: tuple[str, ...]
    """Each citation that is not its article's words, or names nothing, in one line."""
    at_least: float = 1.0
    """The share of sentences that must be supported."""
    refused: bool = False

    @property
    def share(self) -> float:
        """The share of sentences supported, 0 where none is shown; 1 for a refusal."""
        return float(self.refused) if not self.sentences else self.supported / self.sentences

    def __bool__(self) -> bool:
        return self.share >= self.at_least and not self.inexact

    def __repr__(self) -> str:
        if self.refused:
            return "grounded: it refuses"
        head = f"{'grounded' if self else 'not grounded'}: {self.supported} of {self.sentences} sentences supported"
        return "\n  ".join([head, *self.unsupported, *self.inexact])


def grounded(given: object, *, sources: object = None, at_least: float = 1.0) -> Groundedness:
    """Whether an answer is grounded in what it cites.

    Args:
        given: an ``Answer`` or ``Summary``, what ``ask --json`` prints, an object with ``answer`` or ``response`` and
            ``contexts`` or ``retrieved_contexts``, or text.
        sources: what it may be grounded in: texts, articles, objects with ``text``, or an archive. An ``[n]`` in text
            names the n-th of them, and text without any is checked against all. Of an ``Answer`` or ``Summary`` they
            are the articles that its quotes must be exact in; without them quotes are taken as they are.
        at_least: the share of sentences that must be supported, from 0 to 1.

    Raises:
        UsageError: there is nothing to check, or it is not of a kind that is known.
    """
    if isinstance(at_least, bool) or not isinstance(at_least, int | float) or not 0 <= at_least <= 1:
        raise UsageError(f"at_least is {at_least!r}; it is a share from 0 to 1.")
    try:
        output, inexact = _read(given, sources)
    except ValueError as error:
        raise UsageError(f"grounded(): {error}.") from None
    if output.refusal:
        return Groundedness(0, 0, (), (), at_least, refused=True)
    at_fault = [one for one in output.statements if one.verdict != "supported"]
    return Groundedness(
        sentences=len(output.statements),
        supported=len(output.statements) - len(at_fault),
        unsupported=tuple(map(_fault, at_fault)) if output.statements else ("it shows no sentence",),
        inexact=tuple(map(_line, [*inexact, *dangling_faults(output)])),
        at_least=float(at_least),
    )


def _read(given: object, sources: object) -> tuple[Output, list[str]]:
    """The output, and each of its citations at fault."""
    if given is None:
        raise ValueError("nothing is given to check")
    if isinstance(given, Mapping) and is_contract(dict(given)):
        given = parsed({key: value for key, value in given.items() if key != "hits"}, _CASE, Shelf())
    if isinstance(given, Answer | Summary):
        return _ours(given, sources)
    kept = _listed(sources)
    shelf = Shelf(one for one in kept if isinstance(one, Article))
    record = {"answer": given} if isinstance(given, str) else given
    if sources is not None and not _is_archive(sources) and isinstance(record, Mapping):
        record = {key: value for key, value in record.items() if key not in fields.CONTEXTS}
        record["contexts"] = [{"article": one.id} if isinstance(one, Article) else one for one in kept]
    output = output_from(record, _CASE, shelf)
    context = with_contexts(Context(shelf.text), [output])
    return output, [told for one in output.citations if (told := fault(one, context))]


def _ours(output: Output, sources: object) -> tuple[Output, list[str]]:
    if sources is None:
        cited = [Cited(one, None, trusted=True) for one in output.citations]
    elif _is_archive(sources):
        cited = [_of_archive(one, sources) for one in output.citations]
    else:
        shelf = Shelf(_article(one, at) for at, one in enumerate(_listed(sources)))
        cited = [_of_shelf(one, shelf) for one in output.citations]
    return checked(output, cited), [told for one in cited if (told := one.fault)]


def _of_shelf(citation: Citation, shelf: Shelf) -> Cited:
    """Its article by id; where that is not there, any that has its very words."""
    article = shelf.article(citation.article_id, citation.revision)
    held = article is None and any(citation.quote in one.text for one in shelf)
    return Cited(citation, article, trusted=held and bool(citation.quote))


def _of_archive(citation: Citation, archive: Any) -> Cited:
    try:
        return Cited(citation, archive.article(citation.article_id, revision=citation.revision))
    except UnknownArticle:
        return Cited(citation, None)


def _article(source: object, at: int) -> Article:
    if isinstance(source, Article):
        return source
    name = f"sources[{at}]"
    words = fields.context_text(source, name)
    if words is None:
        raise ValueError(f"'{name}' has no text; give its words")
    return own_article(words, f"source {at + 1}")


def _is_archive(sources: object) -> bool:
    return callable(getattr(sources, "articles", None)) and callable(getattr(sources, "article", None))


def _listed(sources: Any) -> list[Any]:
    """The sources one by one; of an archive, its articles."""
    if _is_archive(sources):
        return list(sources.articles())
    return [sources] if isinstance(sources, Article) else fields.listed(sources, "sources")


def _fault(statement: Statement) -> str:
    messages = [problem.message for problem in statement.problems if problem.message != UNCITED]
    reasons = " ".join(messages) or statement.verdict
    return f"“{_line(statement.text)}”: {_line(reasons)}"


def _line(text: str) -> str:
    """One short line without characters that steer a terminal or are not seen."""
    shown = "".join(letter for letter in " ".join(text.split()) if unicodedata.category(letter)[0] != "C")
    return shown if len(shown) <= _SHORT else shown[: _SHORT - 1] + "…"
