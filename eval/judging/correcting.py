"""A judged mean put right for the errors that the judge is known to make."""

from __future__ import annotations

from eval.agreement import Corrected
from eval.agreement import corrected as rogan_gladen
from eval.metrics import Metric
from eval.report import Report, metric_of

MEASURE = "judged_grounded"


def corrected(report: Report) -> Corrected | None:
    """``judged_grounded`` as a judge without errors would have found it; ``None`` where no judge was asked.

    The mean is of shares, a case's statements weighing as much as another's; the correction is linear, so it may be
    made on the mean. It takes for granted that the judge errs on these statements as often as on the pairs on which
    it was measured: that they are as hard, and cite words as pairs' sources are, of like length and kind. Nothing in
    a report can show that. Errors are taken to be independent of the case; what the judge could not read is left out
    of both. The interval holds the uncertainty of the mean, of the sensitivity and of the specificity.
    """
    if report.judging is None or MEASURE not in report.measures:
        return None
    judging = report.judging
    if judging.sensitivity is None or judging.specificity is None:
        return Corrected(None, None, None, "the judge was not measured beside people: see eval judge")
    return rogan_gladen(
        metric_of(report, MEASURE),
        Metric(judging.sensitivity, judging.sensitivity_low, judging.sensitivity_high, 0, 0),
        Metric(judging.specificity, judging.specificity_low, judging.specificity_high, 0, 0),
    )


def told(report: Report) -> str | None:
    """The correction in one line, for tables; ``None`` where there is no judge."""
    found = corrected(report)
    if found is None:
        return None
    if found.mean is None:
        return f"{MEASURE} is not corrected: {found.reason}"
    spread = f" ({found.low:.3f} – {found.high:.3f})" if found.low is not None and found.high is not None else ""
    return f"{MEASURE} corrected for the judge's errors: {found.mean:.3f}{spread}, if it errs here as where measured"
