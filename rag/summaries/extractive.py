"""Summaries of the articles' own sentences, in every form; no model is needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from rag.answer import EXTRACTIVE
from rag.summaries.brief import Brief, Outcome
from rag.summaries.forms import differences, digest, headline, prose, timeline
from rag.summary import Style, Watch

Form = Callable[[Brief], Outcome]
FORMS: Mapping[Style, Form] = {
    "paragraph": prose.write,
    "bullets": prose.write,
    "headline": headline.write,
    "timeline": timeline.write,
    "digest": digest.write,
    "differences": differences.write,
}


class ExtractiveSummarizer:
    """Chooses what to tell, and tells it in the articles' words."""

    name = EXTRACTIVE

    def write(self, brief: Brief, watch: Watch | None = None) -> Outcome:
        """The summary in the form asked for; ``watch`` hears nothing, as no model is asked."""
        began = time.perf_counter()
        outcome = FORMS[brief.style](brief)
        return replace(outcome, seconds=time.perf_counter() - began)
