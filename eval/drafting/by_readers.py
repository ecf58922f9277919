"""What readers said of answers -> cases of a draft suite; what only a person can know is left as a gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from eval.cases import Case, Gold
from eval.drafting.choosing import in_turn
from eval.drafting.drafting import CHECK, MOST_ARTICLES, SOURCE, Drafts
from eval.drafting.gaps import GAP
from eval.drafting.holding import kept_whole
from eval.feedback import Judged, judged
from eval.wording import contains, words
from rag.claims import dates, names, quantities
from rag.errors import InputError
from rag.records import Answer, Article, Statement

if TYPE_CHECKING:
    from rag import Archive

FEEDBACK = "feedback"
_FILL = f"Put in what stands as “{GAP}”: the answer, and the words of an article that bear it."
_FINDERS = (
    (("who", "whom", "whose"), names.find),
    (("when", "what year", "which year", "what day", "which day"), dates.find),
    (("how many", "how much", "how long", "how old", "what percentage"), quantities.find),
)
"""What a question that begins so asks for."""
_NONE = "no answer was judged yet; press Right or Wrong below answers on the page of 'groundwire serve'"


def drafted(archive: Archive, *, many: int, seed: int = 0, licence: str = "unknown") -> Drafts:
    """The newest verdicts as cases, as many as are wanted, and the archive's articles.

    Raises:
        InputError: nothing was said of any answer, or only of such as rest on articles that are gone or changed.
    """
    said = judged(archive.folder)
    if not said:
        raise InputError(f"{archive.folder}: {_NONE}.")
    held = archive.articles()
    whole = kept_whole(held)
    texts = {one.id: one.text for one in whole}
    made = [case for one in said if (case := _case(one, texts, licence)) is not None]
    if not made:
        raise InputError(f"{archive.folder}: each judged answer rests on articles that are gone or have changed.")
    cases = [replace(case, id=f"{FEEDBACK}-{number:03}") for number, case in enumerate(made[:many], 1)]
    kept = _kept(whole, cases, Random(seed))  # noqa: S311  # only chooses articles
    return Drafts(
        tuple(cases),
        tuple(sorted(kept, key=lambda one: one.id)),
        left_out=0,
        unread=len(held) - len(whole),
        more=len(whole) - len(kept),
        stale=len(said) - len(made),
        waiting=len(made) - len(cases),
    )


def _case(one: Judged, texts: Mapping[str, str], licence: str) -> Case | None:
    """``None`` for a verdict that no article of now bears out."""
    case = Case(
        id="",
        question=one.question,
        answerable=True,
        answers=(),
        gold=(),
        tags=("draft", FEEDBACK),
        source=SOURCE,
        licence=licence,
        history=one.history,
        as_of=one.answer.as_of,
    )
    if not one.feedback.right:
        return _wrong(case, one, texts)
    return _declined(case, one) if one.answer.refusal else _right(case, one, texts)


def _right(case: Case, one: Judged, texts: Mapping[str, str]) -> Case | None:
    statements = one.answer.statements
    gold = _gold(one.answer, statements, texts)
    if not gold:
        return None
    why = _why("A reader said that this answer is right", one)
    return replace(case, answers=_answers(one.question, statements), gold=gold, tags=(*case.tags, "right"), why=why)


def _declined(case: Case, one: Judged) -> Case:
    why = _why("A reader said that the refusal is right", one)
    return replace(case, answerable=False, tags=(*case.tags, "unanswerable"), why=why)


def _wrong(case: Case, one: Judged, texts: Mapping[str, str]) -> Case:
    """The rest of an answer with one wrong sentence may be right; of an answer wrong as a whole, nothing is."""
    place, statements = one.feedback.sentence, one.answer.statements
    bad = statements if place is None else statements[place : place + 1]
    rest = tuple(statement for statement in statements if statement not in bad)
    gold = _gold(one.answer, rest, texts) or (Gold(GAP, GAP),)
    known = _answers(one.question, rest) if gold[0].quote != GAP else (GAP,)
    return replace(
        case,
        answers=(one.feedback.note,) if one.feedback.note else known,
        gold=gold,
        forbidden=tuple(statement.text for statement in bad),
        tags=(*case.tags, "wrong"),
        why=_why("A reader said that this is wrong", one, fill=gold[0].quote == GAP),
    )


def _why(said: str, one: Judged, *, fill: bool = False) -> str:
    """Who said so, of what, and what is left to do; on one line."""
    note = f" Their note: {one.feedback.note}" if one.feedback.note else ""
    told = " ".join(f"{said}, on {one.feedback.at:%Y-%m-%d}: {one.answer.text}{note}".split())
    return f"{told} {_FILL if fill else CHECK}"


def _gold(answer: Answer, statements: Sequence[Statement], texts: Mapping[str, str]) -> tuple[Gold, ...]:
    """The quotes that statements rest on, where the articles and their near-copies have them still."""
    numbers = {number for statement in statements for number in statement.citations}
    quoted = [
        (id, one.quote) for one in answer.citations if one.number in numbers for id in (one.article_id, *one.also)
    ]
    return tuple(
        Gold(id, quote) for id, quote in dict.fromkeys(quoted) if quote.strip() and quote in texts.get(id, "")
    )


def _answers(question: str, statements: Sequence[Statement]) -> tuple[str, ...]:
    """The name, day or figure that is asked for, as the first sentence that has one gives it; else a sentence."""
    opening = " ".join(question.casefold().split())
    for begins, find in _FINDERS:
        if opening.startswith(begins):
            asked = words(question)
            for statement in statements:
                for found in find(statement.text):
                    told = statement.text[found.start : found.end]
                    if words(told) and not contains(asked, words(told)):
                        return (told,)
    return tuple(statement.text for statement in statements[:1])


def _kept(articles: Sequence[Article], cases: Iterable[Case], random: Random) -> list[Article]:
    """As many as a suite holds, those that bear an answer first."""
    needed = {gold.article for case in cases for gold in case.gold}
    return sorted(in_turn(articles, random), key=lambda one: one.id not in needed)[:MOST_ARTICLES]
