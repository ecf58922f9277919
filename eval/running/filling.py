"""A suite's articles taken into an archive, which gives them the ids that outputs and gold go by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.suite import Suite, article_files
from rag.errors import InputError, UsageError
from rag.records import Article

if TYPE_CHECKING:
    from rag import Archive


def filled(archive: Archive, suite: Suite) -> list[Article]:
    """The suite's articles as the archive has them, once it has taken them in.

    Raises:
        InputError: one of them cannot be read.
        UsageError: the archive held articles that are not the suite's.
    """
    taken = archive.ingest(article_files(suite.articles))
    if taken.failed:
        first = taken.failed[0]
        raise InputError(f"{first.path}: an article of suite '{suite.name}' cannot be read: {first.error}")
    articles = archive.articles()
    if len(articles) > taken.added + taken.updated + taken.skipped:
        raise UsageError("The archive holds other articles than the suite's; give an empty folder, or none.")
    return articles
