"""``groundwire eval new``: drafts a suite from one's own articles, for a person to edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from eval.drafting.drafting import Drafts
    from rag.chat_models.model import ChatModel
    from rag.records import Usage

_FILE = click.Path(path_type=Path)


@click.command("new")
@click.argument("archive", type=_FILE)
@click.option("--out", type=_FILE, default=Path("drafts.jsonl"), show_default=True, metavar="FILE", help="The suite.")
@click.option("--cases", "many", type=click.IntRange(min=1), default=50, show_default=True, help="Cases at most.")
@click.option("--model", help="What words the questions: extractive for rules, or provider:name.")
@click.option("--cache", type=_FILE, metavar="DIR", help="Keep the model's replies here, and ask for none twice.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Call no model beyond this.")
@click.option("--seed", type=int, default=0, show_default=True, help="Which of the possible cases are drafted.")
@click.option("--licence", default="unknown", show_default=True, help="Of the articles, as the cases state it.")
@click.option("--feedback", is_flag=True, help="From what readers said of answers, instead of from sentences.")
@click.option("--json", "as_json", is_flag=True, help="Print what was drafted as JSON.")
def new_command(
    archive: Path,
    out: Path,
    many: int,
    model: str | None,
    cache: Path | None,
    max_cost: float | None,
    seed: int,
    licence: str,
    feedback: bool,
    as_json: bool,
) -> None:
    """Draft a suite from the articles of ARCHIVE, an archive's folder; check every case before you use it.

    Without a model questions are made by rule from dated, named and numbered sentences. With --feedback the
    questions are those that readers of the page asked; what they called wrong has gaps for you to fill.

    \b
    groundwire eval new news --out my-suite.jsonl
    groundwire eval new news --feedback --out judged.jsonl
    groundwire eval run my-suite.jsonl
    """
    from eval.drafting.by_readers import drafted
    from eval.drafting.drafting import draft
    from eval.drafting.writing import check_place, write
    from rag import Archive

    if feedback and (model or cache or max_cost is not None):
        raise click.UsageError("--feedback asks no model; leave out --model, --cache and --max-cost.")
    check_place(out)
    writer = None if feedback else _model(model, cache, max_cost)
    licence = licence.strip() or "unknown"
    with Archive.open(archive, create=False, model="extractive") as opened:
        if feedback:
            drafts = drafted(opened, many=many, seed=seed, licence=licence)
        else:
            drafts = draft(opened, many=many, seed=seed, licence=licence, model=writer)
    write(out, drafts)
    for line in _messages(drafts, None if feedback else many):
        click.echo(f"groundwire: {line}", err=True)
    spent = writer.spent if writer else None
    click.echo(json.dumps(_told(out, drafts, spent), ensure_ascii=False, indent=2) if as_json else _text(out, drafts))
    if spent and not as_json:
        cost = "" if spent.cost is None else f", ${spent.cost:.4f}"
        click.echo(f"{spent.input_tokens:,} tokens read, {spent.output_tokens:,} written{cost}", err=True)


def _model(name: str | None, cache: Path | None, max_cost: float | None) -> ChatModel | None:
    """The model that words questions, told of before anything is sent; nothing where rules do."""
    from rag.answer import EXTRACTIVE
    from rag.settings import model_name

    chosen = model_name(name)
    if chosen == EXTRACTIVE:
        return None
    from rag.chat_models.opening import open_model
    from rag.chat_models.spending import Budget

    opened = open_model(chosen, cache=cache and cache.expanduser(), budget=Budget(max_cost))
    at = f" at {opened.address}" if opened.address else ""
    click.echo(f"groundwire: {opened.name}{at} words the questions; the sentences chosen are sent there", err=True)
    return opened


def _messages(drafts: Drafts, many: int | None) -> list[str]:
    """What whoever edits the suite should know; ``many`` cases were wanted from sentences."""
    fewer = many is not None and len(drafts.cases) < many
    told = [
        (fewer, f"{len(drafts.cases)} cases drafted of {many}; no more sentences can bear one"),
        (drafts.stale > 0, f"{drafts.stale} judged answers left out, whose articles are gone or have changed"),
        (drafts.waiting > 0, f"{drafts.waiting} older judged answers left out; raise --cases"),
        (drafts.left_out > 0, f"{drafts.left_out} articles left out, so that questions have no answer"),
        (drafts.unread > 0, f"{drafts.unread} articles left out, which would not be read back word for word"),
        (drafts.more > 0, f"{drafts.more} articles left out; a suite holds {len(drafts.articles):,}"),
    ]
    asking = drafts.model
    if asking:
        counts = f"{asking.unreadable} replies unreadable, {asking.unfit} unfit, {asking.failed} failed"
        told.append((True, f"the model worded {asking.written} of {asking.asked} questions; {counts}"))
        told.append((asking.problem is not None, f"{asking.problem} The rest is by rule."))
    return [line for holds, line in told if holds]


def _text(out: Path, drafts: Drafts) -> str:
    width = max(map(len, drafts.by_tag))
    counts = [f"{tag:{width}}  {count:>4}" for tag, count in drafts.by_tag.items()]
    where = f"{len(drafts.cases)} cases in {out}, {len(drafts.articles)} articles in {out.with_suffix('')}"
    return "\n".join([*counts, where, "Check and edit every case before you use it."])


def _told(out: Path, drafts: Drafts, spent: Usage | None) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "suite": str(out),
        "articles_folder": str(out.with_suffix("")),
        "cases": len(drafts.cases),
        "tags": drafts.by_tag,
        "articles": len(drafts.articles),
        "left_out": drafts.left_out,
        "unread": drafts.unread,
        "more": drafts.more,
        "stale": drafts.stale,
        "waiting": drafts.waiting,
        "model": asdict(drafts.model) if drafts.model else None,
        "usage": asdict(spent) if spent else None,
    }
