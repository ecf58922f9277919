"""A report in which everything that anybody but us wrote is made to do harm."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness import NOW

from eval.cases import Case, Gold, SummaryRequest
from eval.measures import MEASURES
from eval.metrics import Metric
from eval.provenance import Provenance
from eval.report import Judging, Outcome, Report, Settings
from eval.scores import Score
from rag.records import Answer, Citation, Hit, Nearest, Problem, Refusal, Seconds, Statement, Turn, Usage
from rag.summary import Section, Summary

NASTY = (
    "</script></title></style><script>document.title='taken'</script><img src=x onerror=alert(1)>\"'>"
    "<svg onload=alert(2)><a href=javascript:alert(3)>x</a> {{ 7 * 7 }} {% raw %} | `code` *strong* "
    "[link](http://evil.example/) ![image](http://evil.example/x.png) <http://evil.example> www.evil.example "
    "\x00\x1b[31m\x85\r\n\t# head \u202eturned\u2066 \ud800 @someone #1 &amp; ]]> "
)
HUGE = "W" * 3_000
TEXT = f"Before it. {NASTY}{HUGE} After it."
CONTROLS = "\x00\x1b\x85\ud800"


def a_hostile_report(nasty: str = NASTY + HUGE) -> Report:
    """Cases that answer, refuse, summarise and fail, with one text in every field."""
    cited, wrong = _citation(nasty, 1, 10, 200), _citation(nasty, 2, 5, 9)
    answer = Answer(
        nasty,
        nasty,
        NOW,
        NOW,
        statements=(_statement(nasty, "weak"),),
        rejected=(_statement(nasty, "unsupported"),),
        citations=(cited, replace(wrong, quote=nasty), replace(wrong, number=3, article_id="gone")),
        hits=(Hit(nasty, nasty, 1, 0, 5, 0.5, TEXT[:5]),),
        usage=Usage(10, 2, 0.01),
        seconds=Seconds(total=0.25),
        unanswered=(nasty,),
        notes=(nasty,),
        incomplete=nasty,
    )
    refused = Answer(nasty, nasty, NOW, NOW, refusal=Refusal("off_topic", nasty, (Nearest("a", nasty, None),)))
    summary = Summary(
        nasty,
        NOW,
        NOW,
        style="timeline",
        subject=nasty,
        statements=(_statement(nasty, "supported"),),
        citations=(cited,),
        sections=(Section(nasty, (0,)),),
        notes=(nasty,),
    )
    return Report(
        nasty,
        nasty,
        nasty,
        Settings(system=nasty, model=nasty, tags=(nasty,), judge=nasty),
        Provenance(nasty, nasty, True, nasty, ((nasty, nasty),)),
        (
            _outcome("answers", nasty, answer),
            _outcome("refuses", nasty, refused),
            _outcome("sums up", nasty, summary, summarize=SummaryRequest((nasty,), style="timeline", words=9)),
            _outcome("fails", nasty, None),
        ),
        {(nasty, 1): TEXT},
        nulls={nasty: {name: Metric(0.5, 0.4, 0.6, 3, 0) for name in MEASURES}},
        judging=Judging(3, 1, 0.9, 0.8),
        started=nasty,
    )


def _citation(nasty: str, number: int, start: int, end: int) -> Citation:
    return Citation(
        number, nasty, 1, nasty, f"javascript:alert(4)//{nasty}", nasty, NOW, start, end, TEXT[start:end], (nasty,)
    )


def _statement(nasty: str, verdict: Any) -> Statement:
    return Statement(nasty, (1, 2, 9), verdict, (Problem("wording", nasty, nasty),), 2, True, True)


def _outcome(id: str, nasty: str, output: Answer | Summary | None, **more: Any) -> Outcome:
    case = Case(
        f"{id} {nasty}",
        nasty,
        True,
        (nasty,),
        (Gold(nasty, nasty),),
        (nasty, id),
        nasty,
        nasty,
        why=nasty,
        history=(Turn(nasty, nasty),),
        as_of=NOW,
        outlet=nasty,
        speaker=(nasty,),
        differs=(nasty,),
        forbidden=(nasty,),
        **more,
    )
    scores = {name: Score(0.5 if output else None, nasty) for name in MEASURES}
    return Outcome(case, output, None if output else nasty, scores)
