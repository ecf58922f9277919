"""Timelines and a digest of the sample articles beside the keys to them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

from benchmarks.summary_keys import STORIES, Event, events
from eval.suite import seeds
from rag import Archive
from rag.summary import Section, Summary

AS_OF = "2026-01-01"
ROOM = 200
"""Sentences allowed, so that nothing is left out for want of room."""
Found = Literal["on its day", "elsewhere", "missing"]


def timeline() -> None:
    """Print how many events of each story are told on their day, which are not, and what the key does not have."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, model="extractive") as archive:
        archive.ingest([str(seeds())])
        told = {
            story: archive.summarize(sorted(ids), style="timeline", sentences=ROOM, as_of=AS_OF)
            for story, ids in STORIES.items()
        }
    found = {event: where(event, told[event.story]) for event in events()}
    print(f"{'events':38}{'all':>5}{'on its day':>12}{'elsewhere':>11}{'missing':>9}")
    for name, group in _groups(events()):
        counts = Counter(found[event] for event in group)
        row = f"{counts['on its day']:12}{counts['elsewhere']:11}{counts['missing']:9}"
        print(f"{name:38}{len(group):5}{row}")
    for event, place in found.items():
        if place != "on its day" and not event.superseded:
            print(f"  {place}: {event.when} {event.what}")
    for story, summary in told.items():
        for section in summary.sections:
            if not any(_on_its_day(event, section) and _tells(event, summary, section) for event in events()):
                print(f"  not in the key ({story}): {section.first} {summary.told(section)[:110]}")


def digest() -> None:
    """Print how many articles are in the story they belong to, each story taken for one section at most."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(folder, model="extractive") as archive:
        archive.ingest([str(seeds())])
        summary = archive.summarize(style="digest", sentences=ROOM, as_of=AS_OF)
        sections = [_with_copies(archive, section) for section in summary.sections]
    right = placed(sections)
    count = sum(map(len, STORIES.values()))
    print(f"{len(right)} of {count} articles in the right story ({len(right) / count:.0%}), {len(sections)} stories")
    for story, ids in STORIES.items():
        for id in sorted(ids - right):
            print(f"  not with the others of {story}: {id}")


def where(event: Event, summary: Summary) -> Found:
    """Whether a timeline tells an event, and on its day or within its period."""
    telling = [section for section in summary.sections if _tells(event, summary, section)]
    if any(_on_its_day(event, section) for section in telling):
        return "on its day"
    return "elsewhere" if telling else "missing"


def placed(sections: Sequence[frozenset[str]]) -> frozenset[str]:
    """Ids of the articles that lie with most of their story, no two stories in one section."""
    pairs = [(ids & story, ids, name) for ids in sections for name, story in STORIES.items()]
    right: frozenset[str] = frozenset()
    taken: set[frozenset[str] | str] = set()
    for shared, ids, name in sorted(pairs, key=lambda pair: (-len(pair[0]), pair[2])):
        if not taken & {ids, name}:
            taken |= {ids, name}
            right |= shared
    return right


def _groups(every: Sequence[Event]) -> Iterator[tuple[str, list[Event]]]:
    valid = [event for event in every if not event.superseded]
    dated = [event for event in valid if event.dated]
    for story in STORIES:
        yield f"{story}, of a day", [event for event in dated if event.story == story]
    yield "of a day that a sentence states", [event for event in dated if not event.inferred]
    yield "of a day that must be inferred", [event for event in dated if event.inferred]
    yield "of a month, a year or a span", [event for event in valid if not event.dated]
    yield "overtaken or corrected", [event for event in every if event.superseded]


def _tells(event: Event, summary: Summary, section: Section) -> bool:
    return any(event.told_by(summary.statements[place].text) for place in section.statements)


def _on_its_day(event: Event, section: Section) -> bool:
    if section.first is None or section.last is None:
        return False
    return event.first <= section.first and section.last <= event.last


def _with_copies(archive: Archive, section: Section) -> frozenset[str]:
    return frozenset(id for one in section.articles for id in archive.cluster(one).members)
