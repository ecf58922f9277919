"""A small suite, systems whose answers are known beforehand, and reports made by hand, for the tests of the harness."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from eval.cases import Case, Gold
from eval.measures import MEASURES
from eval.provenance import Provenance
from eval.report import Outcome, Report, Settings
from eval.running.runner import Running, evaluate
from eval.scores import Context, Score
from eval.suite import Suite
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Hit, Nearest, Problem, Refusal, Seconds, Statement, Usage

NOW = datetime(2024, 5, 2, tzinfo=UTC)
TEXT = "The bridge opened on Monday. It cost $3 million."
QUOTE = "It cost $3 million."


def article_text(article_id: str, revision: int) -> str:
    if (article_id, revision) != ("a1", 1):
        raise UnknownArticle(article_id)
    return TEXT


CONTEXT = Context(article_text)


def a_case(id: str, *, answerable: bool = True) -> Case:
    gold = (Gold("a1", QUOTE),) if answerable else ()
    answers = ("$3 million",) if answerable else ()
    return Case(id, f"{id}?", answerable, answers, gold, ("facts",), "Groundwire", "CC0-1.0")


def a_suite(*cases: Case) -> Suite:
    return Suite("small", "1", "Small.", Path("small.jsonl"), Path("articles"), cases, "d1")


def good_answer(case: Case) -> Answer:
    start = TEXT.index(QUOTE)
    problem = Problem("wording", "fell", "not in the cited words")
    return Answer(
        case.question,
        "extractive",
        NOW,
        NOW,
        statements=(Statement(QUOTE, (1,), "supported", sources=2, conflict=True),),
        rejected=(Statement("It fell.", (1,), "unsupported", (problem,)),),
        citations=(Citation(1, "a1", 1, "T", None, "Gazette", NOW, start, start + len(QUOTE), QUOTE, ("a9",)),),
        hits=(Hit("p1", "a1", 1, 0, len(TEXT), 0.5, TEXT),),
        usage=Usage(10, 2),
        seconds=Seconds(total=0.25),
    )


def refusal(case: Case) -> Answer:
    refused = Refusal("off_topic", "Nothing about that.", (Nearest("a1", "T", NOW),))
    return Answer(case.question, "extractive", NOW, NOW, refusal=refused)


def known(case: Case) -> Answer:
    """The right output of every case."""
    return good_answer(case) if case.answerable else refusal(case)


def report_of(system, *cases: Case, **options) -> Report:
    """The report of a system on cases, asked one after the other."""
    options.setdefault("running", Running(jobs=1))
    return evaluate(a_suite(*cases), system=system, context=CONTEXT, settings=Settings(), **options)


def an_outcome(id: str, *, tags: tuple[str, ...] = ("facts",), error: str | None = None, **values: float) -> Outcome:
    """A case with the scores given, "hit@1" written as ``hit_at_1``; the others were not scored."""
    case = Case(id, f"{id}?", False, (), (), tags, "Groundwire", "CC0-1.0")
    given = {name.replace("_at_", "@"): value for name, value in values.items()}
    scores = {name: Score(given[name]) if name in given else Score(None, "failed") for name in MEASURES}
    return Outcome(case, None, error, scores)


def a_report(*outcomes: Outcome, digest: str = "d1") -> Report:
    provenance = Provenance("0.1.0", None, None, "c0de", ())
    return Report("small", "1", digest, Settings(), provenance, outcomes, {})
