"""A report, or a comparison, as JUnit's XML, which build servers read; XML is only written here, never parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eval.comparison import Comparison, worsened
from eval.gate import broken, unjudged
from eval.report import Outcome, Report
from eval.reports.columns import number
from eval.reports.terminal import heading

# What XML 1.0 cannot hold, not even as a reference.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LOST = "was scored in the first run and is in no case of the second"


def junit(report: Report, *, under: Mapping[str, float], over: Mapping[str, float]) -> str:
    """A test case for every case, an error where it failed, and one for every bound, a failure where it is passed."""
    suite = _suite(f"{report.suite} {report.version}", heading(report))
    if report.started:
        suite.set("timestamp", report.started[:19])
    for outcome in report.outcomes:
        _case(suite, report.suite, outcome)
    if report.judging:
        judged = _test(suite, f"{report.suite}.judge", "judge answered")
        if reason := unjudged(report):
            _fail(judged, reason.line)
    failed: dict[tuple[str, str], str] = {
        (one.way, one.measure): one.line for one in broken(report, under=under, over=over)
    }
    for way, bounds in (("under", under), ("over", over)):
        for name, bound in bounds.items():
            test = _test(suite, f"{report.suite}.bounds", f"{name} not {way} {bound:g}")
            if line := failed.get((way, name)):
                _fail(test, line)
    return _document(suite)


def compared_junit(comparison: Comparison) -> str:
    """A test case for every measure, failing where it got worse or is scored no more; one for each case lost."""
    suite = _suite("comparison", "the second run minus the first")
    lines = worsened(comparison) | {name: f"{name} {_LOST}" for name in comparison.lost}
    for name, difference in comparison.differences.items():
        test = _test(suite, "comparison", name)
        if name in lines:
            _fail(test, lines[name])
        metric = difference.metric
        told = f"difference {number(metric.mean)}, 95 % interval {number(metric.low)} to {number(metric.high)}"
        _put(test, "system-out", f"{told}, paired {metric.scored}, not paired {metric.unscored}")
    for case in comparison.failed:
        _fail(_test(suite, "comparison.failed", case), "gave an output in the first run and fails in the second")
    for case in comparison.only_before:
        _fail(_test(suite, "comparison.missing", case), "is in the first report and not in the second")
    return _document(suite)


def _suite(name: str, told: str) -> Element:
    suite = Element("testsuite", {"name": _writable(name)})
    properties = SubElement(suite, "properties")
    SubElement(properties, "property", {"name": "heading", "value": _writable(told)})
    return suite


def _case(suite: Element, name: str, outcome: Outcome) -> None:
    seconds = outcome.output.seconds.total if outcome.output else 0.0
    test = _test(suite, name, outcome.case.id, seconds)
    if outcome.error is not None:
        SubElement(test, "error", {"message": _writable(outcome.error), "type": "failed"})
    scores = (
        f"{name}: {number(score.value) if score.value is not None else 'not scored'}"
        + (f" ({score.reason})" if score.reason else "")
        for name, score in outcome.scores.items()
    )
    _put(test, "system-out", "\n".join([f"asked: {outcome.case.question}", *scores]))


def _test(suite: Element, group: str, name: str, seconds: float = 0.0) -> Element:
    given = {"classname": _writable(group), "name": _writable(name), "time": f"{seconds:.3f}"}
    return SubElement(suite, "testcase", given)


def _fail(test: Element, message: str) -> None:
    SubElement(test, "failure", {"message": _writable(message), "type": "worse"})


def _put(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _writable(text)


def _document(suite: Element) -> str:
    tests = suite.findall("testcase")
    counts = {
        "tests": len(tests),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
    }
    total = sum(float(test.get("time", "0")) for test in tests)
    given = {name: str(count) for name, count in counts.items()}
    suite.attrib.update(given | {"skipped": "0", "time": f"{total:.3f}"})
    root = Element("testsuites", given | {"time": f"{total:.3f}"})
    root.append(suite)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
