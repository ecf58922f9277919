"""Articles as text for a terminal: lists, one whole, its revisions and copies, and what cleaning took out."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from rag.clusters import Cluster
from rag.passages import sentences
from rag.records import Article, Removed
from ui.text.render import MIN_WIDTH, clean, day, headline, wrap


def articles_text(articles: Sequence[Article], *, width: int = 80) -> str:
    """One line for each article: id, date, outlet and as much of the title as fits."""
    if not articles:
        return "No articles."
    widest = max(len(article.id) for article in articles)
    return "\n".join(_listed(article, widest, max(width, MIN_WIDTH)) for article in articles)


def article_text(article: Article, *, width: int = 80) -> str:
    """One article whole: title, where it is from, and its text, a paragraph a block."""
    width = max(width, MIN_WIDTH)
    facts = [clean(article.source or ""), clean(", ".join(article.authors)), day(article.published_at)]
    head = [wrap(clean(article.title), width), wrap(" · ".join(fact for fact in facts if fact), width)]
    head += [clean(article.url)] if article.url else []
    head += [wrap(f"id {article.id}, revision {article.revision}", width)]
    head += [wrap(f"only a stub ({article.stub}): kept out of answers", width)] if article.stub else []
    body = [wrap(clean(part), width) for part in article.text.split("\n") if part.strip()]
    return "\n\n".join(["\n".join(head), *body])


def cluster_text(cluster: Cluster, articles: Mapping[str, Article], *, width: int = 80) -> str:
    """The original of a report, why it is taken for that, and who carries it; ``articles`` are by id."""
    width = max(width, MIN_WIDTH)
    original = f"{cluster.original} is the original of {len(cluster.members)} carriers: {cluster.reason}"
    carriers = [articles[id] for id in cluster.members if id != cluster.original]
    return "\n".join([wrap(original, width), *(_carrier(one, width) for one in carriers)])


def clusters_text(clusters: Sequence[Cluster], articles: Mapping[str, Article], *, width: int = 80) -> str:
    """Every report that several articles carry; ``articles`` are by id."""
    if not clusters:
        return "No report is carried by more than one article."
    return "\n\n".join(
        f"{wrap(clean(headline(articles[one.original].title)), max(width, MIN_WIDTH))}\n"
        + cluster_text(one, articles, width=width)
        for one in clusters
    )


def revisions_text(revisions: Sequence[Article], *, width: int = 80) -> str:
    """Each revision's head, and the sentences that left (-) and came (+) with it."""
    width = max(width, MIN_WIDTH)
    first, *_ = revisions
    blocks = [_revision(first, width)]
    for before, after in pairwise(revisions):
        changes = list(_changes(before, after, width))
        blocks.append("\n".join([_revision(after, width), *(changes or ["only its fields changed"])]))
    return "\n\n".join(blocks)


def removed_text(removed: Sequence[Removed], *, width: int = 80) -> str:
    """What cleaning took out, each line after what it was taken for."""
    if not removed:
        return "Nothing was removed."
    return "\n".join(wrap(f"{one.reason}: {clean(one.text)}", max(width, MIN_WIDTH), "  ") for one in removed)


def changed(before: Article, after: Article) -> Iterator[tuple[str, str]]:
    """Sentences that only one of two revisions has, in order: each after ``-`` where it left, ``+`` where it came."""
    for line in difflib.ndiff(_sentences(before), _sentences(after)):
        if line[0] in "-+":
            yield line[0], line[2:]


def _revision(article: Article, width: int) -> str:
    changed = article.modified_at or article.published_at
    return wrap(f"revision {article.revision}, {day(changed)}: {clean(headline(article.title))}", width)


def _changes(before: Article, after: Article, width: int) -> Iterator[str]:
    for sign, sentence in changed(before, after):
        yield wrap(f"{sign} {clean(sentence)}", width, "  ")


def _sentences(article: Article) -> list[str]:
    text = article.text
    return [" ".join(text[span.start : span.end].split()) for span in sentences(text, article.language)]


def _carrier(article: Article, width: int) -> str:
    outlet = clean(article.source) if article.source else "no outlet"
    return wrap(f"- {article.id}: {outlet}, {day(article.published_at)}", width, "  ")


def _listed(article: Article, widest: int, width: int) -> str:
    date = f"{article.published_at:%Y-%m-%d}" if article.published_at else "no date   "
    outlet = f"{clean(article.source)}: " if article.source else ""
    stub = f"[{article.stub}] " if article.stub else ""
    line = f"{article.id:<{widest}}  {date}  {stub}{outlet}{clean(article.title)}".replace("\n", " ")
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
