"""An archive's articles -> the cases of a draft suite and its articles; the same seed, the same suite."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from random import Random
from typing import TYPE_CHECKING

from eval.cases import Case, Gold, SummaryRequest
from eval.drafting import summaries
from eval.drafting.by_model import Asking, rewritten
from eval.drafting.choosing import Chosen, choose, in_turn
from eval.drafting.holding import kept_whole
from eval.drafting.summaries import Summarized
from eval.drafting.unanswerable import untold
from rag.errors import InputError
from rag.records import Article

if TYPE_CHECKING:
    from rag import Archive
    from rag.chat_models.model import ChatModel

SOURCE = "draft of groundwire eval new"
CHECK = "Check it before use."
SHARE = 10
"""One in so many cases is a summary request, and one in so many has no answer."""
MOST_ARTICLES = 2_000
"""Articles of a suite: every run takes them all in."""
SPARED = 10
"""One in so many articles may be left out, so that a question is without an answer."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """Cases, and the articles they are asked of."""

    cases: tuple[Case, ...]
    articles: tuple[Article, ...]
    left_out: int
    """Articles left out so that a question has no answer."""
    unread: int
    """Articles left out that would not be read back word for word."""
    more: int
    """Articles left out because the archive has more than a suite holds."""
    model: Asking | None = None
    stale: int = 0
    """Judged answers left out, for their articles are gone or have changed."""
    waiting: int = 0
    """Judged answers beyond as many as were wanted."""

    @property
    def by_tag(self) -> dict[str, int]:
        """How many cases carry each tag."""
        return dict(sorted(Counter(tag for case in self.cases for tag in case.tags if tag != "draft").items()))


def draft(
    archive: Archive, *, many: int, seed: int = 0, licence: str = "unknown", model: ChatModel | None = None
) -> Drafts:
    """About so many cases from the articles of an archive.

    Raises:
        InputError: the archive is empty, or no sentence of it can bear a question.
    """
    random = Random(seed)  # noqa: S311  # only chooses cases
    held = sorted(archive.articles(), key=lambda one: one.id)
    if not held:
        raise InputError(f"{archive.folder}: the archive has no articles; take some in with 'groundwire ingest'.")
    whole = kept_whole(held)
    order = in_turn(whole, random)[:MOST_ARTICLES]
    reports = _once(archive, order)
    out, left = _unanswerable(archive, reports, order, many // SHARE)
    asked_of = [one for one in reports if one.id not in left]
    inside = [one for one in order if one.id not in left]
    told = summaries.drafted([one for one in asked_of if not one.stub], many // SHARE, random)
    chosen = choose(asked_of, many - len(out) - len(told))
    if not chosen:
        raise InputError(
            f"{archive.folder}: no sentence of its {len(held)} articles can bear a question; add English reports."
        )
    chosen, asking = rewritten(chosen, model) if model else (chosen, None)
    carried = _carriers(archive, chosen, inside)
    cases = [*(_question(one, carried) for one in chosen), *map(_summary, told), *map(_without_answer, out)]
    as_of = _as_of(inside)
    named = (
        replace(case, id=f"draft-{number:03}", as_of=as_of, licence=licence) for number, case in enumerate(cases, 1)
    )
    return Drafts(
        tuple(named),
        tuple(sorted(inside, key=lambda one: one.id)),
        left_out=len(left),
        unread=len(held) - len(whole),
        more=max(0, len(whole) - MOST_ARTICLES),
        model=asking,
    )


def _once(archive: Archive, articles: Sequence[Article]) -> list[Article]:
    """One article of each report that several carry: the original where it is among them."""
    present = {one.id for one in articles}
    kept: set[str] = set()
    for article in articles:
        members = [id for id in archive.cluster(article.id).members if id in present]
        kept.add(members[0] if members else article.id)
    return [one for one in articles if one.id in kept]


def _unanswerable(
    archive: Archive, reports: Sequence[Article], articles: Sequence[Article], many: int
) -> tuple[list[Chosen], set[str]]:
    """Questions that no article will answer once those that bear them, and their copies, are left out; and these."""
    many = min(many, len(articles) // SPARED)
    asked: list[Chosen] = []
    left: set[str] = set()
    for article in reversed(reports):
        if len(asked) >= many:
            break
        copies = {article.id, *archive.cluster(article.id).members}
        first = [one for one in choose([article], 1) if not one.asked.cloze]
        if first and untold(first, [one for one in articles if one.id not in copies]):
            asked += first
            left |= copies
    return asked, left


def _carriers(archive: Archive, chosen: Sequence[Chosen], articles: Sequence[Article]) -> dict[str, list[Article]]:
    """For each article asked about, those that carry the same report."""
    known = {one.id: one for one in articles}
    ids = {one.bearer.article.id for one in chosen}
    return {id: [known[copy] for copy in archive.cluster(id).members if copy in known and copy != id] for id in ids}


def _question(one: Chosen, carried: dict[str, list[Article]]) -> Case:
    article, quote, asked = one.bearer.article, one.bearer.text, one.asked
    copies = [copy for copy in carried[article.id] if quote in copy.text]
    return Case(
        id="",
        question=asked.question,
        answerable=True,
        answers=(asked.answer,),
        gold=tuple(Gold(each.id, quote) for each in (article, *copies)),
        tags=("draft", asked.tag),
        source=SOURCE,
        licence="",
        why=f"Drafted from one sentence: {asked.how}. {CHECK}",
        speaker=asked.speaker,
        date=asked.date,
    )


def _summary(told: Summarized) -> Case:
    request = SummaryRequest(articles=tuple(one.id for one in told.articles), sentences=summaries.POINTS + 2)
    return Case(
        id="",
        question="Summarise: " + "; ".join(one.title for one in told.articles),
        answerable=True,
        answers=(),
        gold=tuple(Gold(article.id, point) for article, point in told.points),
        tags=("draft", "summaries"),
        source=SOURCE,
        licence="",
        why=f"The points are the sentences that weigh most; keep those that a summary must tell. {CHECK}",
        summarize=request,
    )


def _without_answer(one: Chosen) -> Case:
    article = one.bearer.article
    return Case(
        id="",
        question=one.asked.question,
        answerable=False,
        answers=(),
        gold=(),
        tags=("draft", "unanswerable"),
        source=SOURCE,
        licence="",
        why=f"Drafted from article {article.id}, which is left out; no other comes near to its words. {CHECK}",
    )


def _as_of(articles: Sequence[Article]) -> datetime | None:
    """The end of the newest article's day, so that nothing is old only because the suite is asked later."""
    days = [one.published_at.astimezone(UTC).date() for one in articles if one.published_at]
    return datetime.combine(max(days), time(23, 59, 59), UTC) if days else None
