"""The JSON that other programs rely on, field for field. Change it only with the documentation of the contract."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rag.clusters import Cluster
from rag.listing import Listing, Overview
from rag.records import Answer, Article, Citation, Hit, IngestReport, Refusal, Seconds, Statement, Usage
from rag.stream import Done, Event, Found, Rejected, Searching, Stated
from rag.summary import Coverage, Extent, Plan, Section, Summary

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """``groundwire ask --json``."""
    return {
        "question": answer.question,
        "answer": answer.text,
        "model": answer.model,
        "as_of": _time(answer.as_of),
        "newest": _time(answer.newest),
        "refusal": _refusal(answer.refusal),
        "statements": [_statement(statement) for statement in answer.statements],
        "rejected": [_statement(statement) for statement in answer.rejected],
        "citations": [_citation(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "usage": usage_json(answer.usage),
        "seconds": _seconds(answer.seconds),
    } | _told(answer)


def _told(answer: Answer) -> Json:
    """``period``, ``unanswered``, ``notes`` and ``incomplete``, each where there is something to say."""
    period = answer.period and {
        "words": answer.period.words,
        "first": answer.period.first and answer.period.first.isoformat(),
        "last": answer.period.last and answer.period.last.isoformat(),
    }
    told = {
        "period": period,
        "unanswered": list(answer.unanswered),
        "notes": list(answer.notes),
        "incomplete": answer.incomplete,
    }
    return {key: value for key, value in told.items() if value}


def event_json(event: Event) -> Json:
    """One event of a streaming answer; ``event`` names its kind."""
    told: Json = {"event": event.kind}
    match event:
        case Searching():
            return told | {"question": event.question}
        case Found():
            return told | {"question": event.question, "hits": [_hit(hit) for hit in event.hits]}
        case Stated():
            citations = [_citation(citation) for citation in event.citations]
            return told | {"statement": _statement(event.statement), "citations": citations}
        case Rejected():
            return told | {"statement": _statement(event.statement)}
        case Done():
            return told | {"answer": answer_json(event.answer)}


def summary_json(summary: Summary) -> Json:
    """``groundwire summarize --json``."""
    return {
        "summary": summary.text,
        "model": summary.model,
        "as_of": _time(summary.as_of),
        "newest": _time(summary.newest),
        "refusal": _refusal(summary.refusal),
        "statements": [_statement(statement) for statement in summary.statements],
        "rejected": [_statement(statement) for statement in summary.rejected],
        "citations": [_citation(citation) for citation in summary.citations],
        "used": list(summary.used),
        "unused": [
            {"article_id": unused.article_id, "title": unused.title, "reason": unused.reason}
            for unused in summary.unused
        ],
        "usage": usage_json(summary.usage),
        "seconds": _seconds(summary.seconds),
        "style": summary.style,
        "length": _extent(summary.extent),
        "coverage": _coverage(summary.coverage),
    } | _told_of(summary)


def _told_of(summary: Summary) -> Json:
    """``subject``, ``sections``, ``plan``, ``notes`` and ``incomplete``, each where there is something to say."""
    told = {
        "subject": summary.subject,
        "sections": [_section(section) for section in summary.sections],
        "plan": plan_json(summary.plan) if summary.plan else None,
        "notes": list(summary.notes),
        "incomplete": summary.incomplete,
    }
    return {key: value for key, value in told.items() if value}


def _section(section: Section) -> Json:
    """``statements`` are places in the summary's, from 0."""
    return {
        "heading": section.heading,
        "statements": list(section.statements),
        "first": section.first and section.first.isoformat(),
        "last": section.last and section.last.isoformat(),
        "articles": list(section.articles),
        "outlets": list(section.outlets),
    }


def _extent(extent: Extent) -> Json:
    asked = {"sentences": extent.asked.sentences, "words": extent.asked.words}
    return {"asked": asked, "sentences": extent.sentences, "words": extent.words}


def _coverage(coverage: Coverage | None) -> Json | None:
    if coverage is None:
        return None
    return {
        "articles": coverage.articles,
        "used": coverage.used,
        "points": coverage.points,
        "covered": coverage.covered,
        "share": coverage.share,
        "missing": [asdict(point) for point in coverage.missing],
    }


def plan_json(plan: Plan) -> Json:
    """What a model will be, or was, asked for a summary."""
    return asdict(plan)


def hits_json(hits: list[Hit]) -> list[Json]:
    """``groundwire search --json``."""
    return [_hit(hit) | {"text": hit.text} for hit in hits]


def article_json(article: Article) -> Json:
    """``groundwire articles show ID --json``: the record with the text that citations index."""
    return listed_article_json(article) | {"text": article.text}


def listed_article_json(article: Article) -> Json:
    """One record of ``groundwire articles list --json``: no text."""
    return {
        "id": article.id,
        "revision": article.revision,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "authors": list(article.authors),
        "published_at": _time(article.published_at),
        "modified_at": _time(article.modified_at),
        "language": article.language,
        "description": article.description,
    } | ({"stub": article.stub} if article.stub else {})


def listing_json(listing: Listing) -> list[Json]:
    """A page of a list, each record as far as it is known without reading the article: no authors, no description."""
    return [
        {
            "id": one.id,
            "revision": one.revision,
            "title": one.title,
            "url": one.url,
            "source": one.source,
            "published_at": _time(one.published_at),
            "language": one.language,
            "copies": one.copies,
        }
        | ({"stub": one.stub} if one.stub else {})
        for one in listing.articles
    ]


def overview_json(overview: Overview) -> Json:
    """What an archive holds in all."""
    return {"articles": overview.articles, "newest": _time(overview.newest)}


def cluster_json(cluster: Cluster) -> Json:
    """One report of ``groundwire articles list --copies --json``."""
    carriers = [id for id in cluster.members if id != cluster.original]
    return {"original": cluster.original, "reason": cluster.reason, "carriers": carriers}


def ingest_json(report: IngestReport) -> Json:
    """``groundwire ingest --json``; ``removed`` and ``notes`` only where there are any."""
    told: Json = {"removed": report.removed} if report.removed else {}
    if report.notes:
        told["notes"] = [{"path": note.path, "line": note.line, "note": note.text} for note in report.notes]
    return {
        "added": report.added,
        "updated": report.updated,
        "skipped": report.skipped,
        "failed": [{"path": failure.path, "line": failure.line, "error": failure.error} for failure in report.failed],
        "seconds": report.seconds,
    } | told


def _time(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat().replace("+00:00", "Z")


def _refusal(refusal: Refusal | None) -> Json | None:
    if refusal is None:
        return None
    nearest = [
        {"article_id": near.article_id, "title": near.title, "published_at": _time(near.published_at)}
        for near in refusal.nearest
    ]
    return {"reason": refusal.reason, "message": refusal.message, "nearest": nearest}


def _statement(statement: Statement) -> Json:
    return {
        "text": statement.text,
        "citations": list(statement.citations),
        "verdict": statement.verdict,
        "problems": [
            {"kind": problem.kind, "found": problem.found, "message": problem.message}
            for problem in statement.problems
        ],
    } | _compared(statement)


def _compared(statement: Statement) -> Json:
    """How other articles compare, each key only where there is something to say."""
    several = {"sources": statement.sources} if statement.sources > 1 else {}
    marks = {"conflict": statement.conflict, "superseded": statement.superseded}
    return several | {key: True for key, holds in marks.items() if holds}


def _citation(citation: Citation) -> Json:
    return {
        "number": citation.number,
        "article_id": citation.article_id,
        "revision": citation.revision,
        "title": citation.title,
        "url": citation.url,
        "source": citation.source,
        "published_at": _time(citation.published_at),
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "also": list(citation.also),
    }


def _hit(hit: Hit) -> Json:
    return {
        "article_id": hit.article_id,
        "passage_id": hit.passage_id,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
    }


def usage_json(usage: Usage | None) -> Json | None:
    """Tokens and cost, of one answer or of all so far."""
    if usage is None:
        return None
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cost": usage.cost}


def _seconds(seconds: Seconds) -> Json:
    return {
        "retrieve": seconds.retrieve,
        "answer": seconds.answer,
        "verify": seconds.verify,
        "total": seconds.total,
    }
