"""``groundwire articles``: list, show and remove them."""

from __future__ import annotations

from typing import Any

import click

from rag.errors import UsageError
from ui.commands.options import archive_option, filter_options, json_option
from ui.commands.terminal import open_archive, print_json, say_if_missing, width


@click.group()
def articles() -> None:
    """List, show and remove articles.

    \b
    groundwire articles list
    groundwire articles show kim-plant-visit
    """


@articles.command("list")
@click.option("--copies", is_flag=True, help="Only reports that several articles carry, with their original.")
@archive_option
@filter_options
@json_option
def list_articles(folder: str | None, as_json: bool, copies: bool, **options: Any) -> None:
    """List the articles, newest first.

    \b
    groundwire articles list --source "Far East Courier"
    groundwire articles list --copies
    """
    from rag.contract import cluster_json, listed_article_json
    from ui.text.articles import articles_text, clusters_text

    with open_archive(folder, create=False) as archive:
        if copies:
            if any(options.values()):
                raise UsageError("--copies lists the whole archive; leave the options that limit it out.")
            clusters = archive.clusters()
            members = {id: archive.article(id) for cluster in clusters for id in cluster.members}
            as_data = [cluster_json(cluster) for cluster in clusters]
            print_json(as_data) if as_json else click.echo(clusters_text(clusters, members, width=width()))
            return
        found = archive.articles(**options)
        if not found:
            say_if_missing(archive, options["source"])
    if as_json:
        print_json([listed_article_json(article) for article in found])
    else:
        click.echo(articles_text(found, width=width()))


@articles.command("show")
@click.argument("id")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision. [the current one]")
@click.option("--revisions", is_flag=True, help="Every revision, and what each changed.")
@click.option("--removed", is_flag=True, help="What cleaning took out of it, and why.")
@archive_option
@json_option
def show_article(
    id: str, revision: int | None, revisions: bool, removed: bool, folder: str | None, as_json: bool
) -> None:
    """Show one article with the text that citations index.

    \b
    groundwire articles show kim-plant-visit
    groundwire articles show kim-plant-visit --revisions
    """
    if revisions and removed:
        raise UsageError("--revisions and --removed show different things; choose one.")
    with open_archive(folder, create=False) as archive:
        if revisions:
            _show_revisions(archive, id, as_json)
        elif removed:
            _show_removed(archive, id, revision, as_json)
        else:
            _show(archive, id, revision, as_json)


def _show(archive: Any, id: str, revision: int | None, as_json: bool) -> None:
    from rag.contract import article_json
    from ui.text.articles import article_text, cluster_text

    article = archive.article(id, revision)
    if as_json:
        print_json(article_json(article))
        return
    click.echo(article_text(article, width=width()))
    cluster = archive.cluster(id)
    if len(cluster.members) > 1:
        members = {member: archive.article(member) for member in cluster.members}
        click.echo("\n" + cluster_text(cluster, members, width=width()))


def _show_revisions(archive: Any, id: str, as_json: bool) -> None:
    from rag.contract import article_json
    from ui.text.articles import revisions_text

    found = archive.revisions(id)
    print_json([article_json(one) for one in found]) if as_json else click.echo(revisions_text(found, width=width()))


def _show_removed(archive: Any, id: str, revision: int | None, as_json: bool) -> None:
    from ui.text.articles import removed_text

    found = archive.removed(id, revision)
    if as_json:
        print_json([{"text": one.text, "reason": one.reason} for one in found])
    else:
        click.echo(removed_text(found, width=width()))


@articles.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@archive_option
@json_option
def remove_articles(ids: tuple[str, ...], folder: str | None, as_json: bool) -> None:
    """Remove articles and all their revisions, from search at once.

    \b
    groundwire articles remove kim-plant-visit
    """
    with open_archive(folder, create=False) as archive:
        archive.remove(*ids)
    print_json({"removed": list(ids)}) if as_json else click.echo(f"{len(ids)} removed")
