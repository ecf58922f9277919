"""Whether what stands in quotation marks is what the cited words say."""

from __future__ import annotations

from functools import lru_cache

from eval.cases import Case
from eval.scores import Context, Output, Score, evidence, named
from rag.claims.folding import titled
from rag.claims.quotations import find, held


def quotations(_: Case, output: Output, context: Context) -> Score:
    """The share of direct quotations whose words stand, as quoted, within one citation of their statement."""
    if output.refusal:
        return Score(None, "refused")
    verbatim: list[bool] = []
    for statement in output.statements:
        if not (quoted := _quoted(statement.text)):
            continue
        sources = [source for citation in named(statement, output) if (source := evidence(citation, context))]
        texts = [titled(source.text) for source in sources]
        verbatim += [any(held(words, text) for text in texts) for words in quoted]
    if not verbatim:
        return Score(None, "quotes nothing")
    wrong = verbatim.count(False)
    reason = f"{wrong} of {len(verbatim)} quotations not in the words cited" if wrong else None
    return Score(sum(verbatim) / len(verbatim), reason)


@lru_cache(maxsize=4096)
def _quoted(statement: str) -> tuple[str, ...]:
    return tuple(titled(found.words) for found in find(statement))
