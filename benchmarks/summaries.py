"""How good summaries are that need no model.

    python -m benchmarks.summaries --data FOLDER [--half tuning|held-out|both] [--limit N] [SECTION …]

FOLDER holds bbc_tech and news_articles_2023 as gzipped JSON lines. The sections, all but ``speed`` unless named:

rouge     beside a reference of the same length (bbc_tech; benchmarks/rouge.py): ours, the lead, LexRank, TextRank
exact     sentences of every style over seeds, bbc_tech and news: cited to the letter, and found to be supported
timeline  the events of the key to the seeds (benchmarks/summary_keys.py): on their day, on another, missing
digest    seeds in the story that the key has them in
openings  summary sentences that begin with a pronoun or a pointing word, for a person to read
speed     summary of one article and digest of all news, beside embedding a question on the same machine

Nothing is tuned on the held-out half of bbc_tech.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.references import HALVES, Referred, referred
from benchmarks.rivals import rivals, told
from benchmarks.rouge import Rouge, rouge
from benchmarks.summary_archives import exact, openings, speed
from benchmarks.summary_stories import digest, timeline
from eval.metrics import DIFFERENCE, Observation, estimate
from rag import passages
from rag.embedder import bundled_embedder
from rag.summaries import stories
from rag.summaries.brief import Brief
from rag.summaries.extractive import ExtractiveSummarizer
from rag.summary import Length

OURS = "ours"
AS_OF = datetime(2005, 6, 1, tzinfo=UTC)
MEASURES = {"one": "ROUGE-1", "two": "ROUGE-2", "long": "ROUGE-L", "union": "ROUGE-Lsum"}
SECTIONS = ("rouge", "exact", "timeline", "digest", "openings", "speed")
System = Callable[[Referred], list[str]]
"""The sentences told of an article, in as many words as its reference has."""


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=HALVES, default="held-out", help="of bbc_tech, for ROUGE")
    parser.add_argument("--limit", type=int, help="articles of each file, at most")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    for section in options.sections or SECTIONS[:-1]:
        print(f"== {section}", flush=True)
        match section:
            case "rouge":
                beside_references(referred(options.data, options.half, options.limit))
            case "exact":
                exact(options.data, options.limit)
            case "timeline":
                timeline()
            case "digest":
                digest()
            case "openings":
                openings(options.data, options.limit)
            case "speed":
                speed(options.data, options.limit)


def beside_references(documents: Sequence[Referred]) -> None:
    """Print how near each system comes to the references, and by how much ours is ahead."""
    said = {name: [system(one) for one in documents] for name, system in _systems().items()}
    scores = {
        name: [rouge(one.reference, summary) for one, summary in zip(documents, summaries, strict=True)]
        for name, summaries in said.items()
    }
    print(f"{len(documents)} articles, {np.mean([one.words for one in documents]):.0f} words asked for")
    print(f"{'':16}{'words':>7}" + "".join(f"{name:>24}" for name in MEASURES.values()))
    for name, summaries in said.items():
        length = np.mean([sum(len(sentence.split()) for sentence in summary) for summary in summaries])
        means = (np.mean([getattr(one, measure) for one in scores[name]]) for measure in MEASURES)
        print(f"{name:16}{length:7.0f}" + "".join(f"{mean:24.3f}" for mean in means))
    for name in said:
        if name != OURS:
            ahead = (_ahead(scores[OURS], scores[name], measure) for measure in MEASURES)
            print(f"{f'ours - {name}':23}" + "".join(f"{text:>24}" for text in ahead))


def _systems() -> dict[str, System]:
    ours = ExtractiveSummarizer()
    embed = bundled_embedder().embed

    def own(one: Referred) -> list[str]:
        articles = (one.article,)
        story = tuple(stories.find(articles))
        brief = Brief(
            articles, story, "paragraph", Length(words=one.words), None, True, AS_OF, lambda id: (id,), embed
        )
        checked = [each for part in ours.write(brief).parts for each in part.checked]
        return [each.text for each in checked if each.check.verdict != "unsupported"]

    def ranked(ranking: Callable[[Sequence[str]], list[int]]) -> System:
        return lambda one: told(_told_of(one), ranking, one.words)

    return {OURS: own} | {name: ranked(ranking) for name, ranking in rivals().items()}


def _told_of(one: Referred) -> list[str]:
    text = one.article.text
    return [text[span.start : span.end] for span in passages.sentences(text, "en")]


def _ahead(ours: Sequence[Rouge], others: Sequence[Rouge], measure: str) -> str:
    """The mean difference with its 95 % interval, drawing articles again."""
    pairs = enumerate(zip(ours, others, strict=True))
    differences = (Observation(str(n), getattr(a, measure) - getattr(b, measure)) for n, (a, b) in pairs)
    found = estimate(differences, within=DIFFERENCE)
    if found.mean is None or found.low is None or found.high is None:
        return "-"
    return f"{found.mean:+.3f} ({found.low:+.3f} {found.high:+.3f})"


if __name__ == "__main__":
    main()
