"""One article as HTML: its whole text, where it is from, its revisions, what cleaning took out, its carriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.clusters import Cluster
from rag.records import Article, Removed
from ui.html.cited import article_html, link_html
from ui.html.markup import escape
from ui.text.articles import changed
from ui.text.coverage import count
from ui.text.render import day, headline

_BACK = '<p><button type="button" data-act="back" data-focus="back">Back to the list</button></p>'


@dataclass(frozen=True, slots=True)
class Whole:
    """One article with all that the archive knows of it."""

    article: Article
    """In the revision looked at."""
    revisions: Sequence[Article]
    removed: Sequence[Removed]
    cluster: Cluster
    carriers: Mapping[str, Article]
    """The other articles of the cluster that are shown, by id."""
    against: Article | None = None
    """The revision it is compared with."""


def whole_html(whole: Whole) -> str:
    """The article, what can be done with it, and what is known of it."""
    article = whole.article
    title = escape(headline(article.title) or article.id)
    return (
        f'<article class="whole" data-id="{escape(article.id)}">{_BACK}'
        f'<h2 class="title" dir="auto" tabindex="-1">{title}</h2>{_origin(article)}{_stub(article)}{_acts(article)}'
        f"{_revisions(whole)}{article_html(article, ())}{_carriers(whole)}{_removed(whole.removed)}</article>"
    )


def gone_html(line: str) -> str:
    """That there is no such article, and the way back."""
    return f'<section class="whole">{_BACK}<p class="error" role="alert" dir="auto">{escape(line)}</p></section>'


def _origin(article: Article) -> str:
    facts = [article.source or "no outlet", ", ".join(article.authors), day(article.published_at), article.language]
    told = [f'<li dir="auto">{escape(fact)}</li>' for fact in facts if fact]
    told += [f'<li dir="ltr">{link_html(article.url, headline(article.url))}</li>'] if article.url else []
    told.append(f'<li dir="auto">id {escape(article.id)}</li>')
    return f'<ul class="facts" aria-label="Where it is from">{"".join(told)}</ul>'


def _stub(article: Article) -> str:
    if not article.stub:
        return ""
    return f'<p class="hint">Only a stub ({escape(article.stub)}): kept, but never part of an answer.</p>'


def _acts(article: Article) -> str:
    named = f'data-id="{escape(article.id)}"'
    return (
        f'<p class="acts"><button type="button" data-act="ask" {named}>Ask about this article</button> '
        f'<button type="button" data-act="summarise" {named}>Summarise its story</button> '
        f'<button type="button" data-act="remove" {named}>Remove</button></p>'
    )


def _revisions(whole: Whole) -> str:
    if len(whole.revisions) < 2:
        return ""
    shown = _select("Revision", "revision", whole.revisions, whole.article)
    others = [one for one in whole.revisions if one.revision != whole.article.revision]
    against = _select("Compared with", "against", others, whole.against, none="nothing")
    return f'<div class="revisions">{shown}{against}</div>{_changes(whole)}'


def _select(
    label: str, name: str, revisions: Sequence[Article], chosen: Article | None, *, none: str | None = None
) -> str:
    options = f'<option value="">{none}</option>' if none else ""
    for one in revisions:
        selected = " selected" if chosen and one.revision == chosen.revision else ""
        told = f"{one.revision}, {day(one.modified_at or one.published_at)}"
        options += f'<option value="{one.revision}"{selected}>{told}</option>'
    return f'<label>{label}<select data-pick="{name}" data-focus="pick-{name}">{options}</select></label>'


def _changes(whole: Whole) -> str:
    if whole.against is None:
        return ""
    before, after = sorted((whole.against, whole.article), key=lambda one: one.revision)
    items = "".join(_change(sign, sentence) for sign, sentence in changed(before, after))
    told = f"<ul>{items}</ul>" if items else '<p class="hint">Only its fields changed.</p>'
    heading = f"From revision {before.revision} to {after.revision}"
    return f'<section class="changes" aria-label="What changed"><h3>{heading}</h3>{told}</section>'


def _change(sign: str, sentence: str) -> str:
    tag, said = ("del", "taken out") if sign == "-" else ("ins", "put in")
    return f'<li><span class="unseen">{said}: </span><{tag} dir="auto">{escape(sentence)}</{tag}></li>'


def _carriers(whole: Whole) -> str:
    cluster = whole.cluster
    if len(cluster.members) < 2:
        return ""
    items = "".join(_carrier(whole.carriers[id]) for id in cluster.members if id in whole.carriers)
    original = (
        "This is the original" if cluster.original == whole.article.id else f"The original is {cluster.original}"
    )
    return (
        f'<section class="carriers"><h3>{count(len(cluster.members), "carrier")} of this report</h3>'
        f'<p class="hint" dir="auto">{escape(original)}: {escape(cluster.reason)}</p><ul>{items}</ul></section>'
    )


def _carrier(article: Article) -> str:
    origin = f"{escape(article.source or 'no outlet')}, {day(article.published_at)}"
    return (
        f'<li><a href="#" data-act="article" data-id="{escape(article.id)}" dir="auto">'
        f"{escape(headline(article.title) or article.id)}</a> "
        f'<span class="date" dir="auto">{origin}</span></li>'
    )


def _removed(removed: Sequence[Removed]) -> str:
    if not removed:
        return ""
    items = "".join(
        f'<li><em class="why">{escape(one.reason)}</em> <span dir="auto">{escape(one.text)}</span></li>'
        for one in removed
    )
    told = count(len(removed), "piece")
    return f'<details class="taken"><summary>{told} taken out in cleaning</summary><ul>{items}</ul></details>'
