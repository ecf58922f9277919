"""What a kill leaves behind: ``python benchmarks/kill_drill.py [--moments N] [--seed N] [--articles N]``.

A process of its own ingests, updates or deletes articles of a real archive and is killed (SIGKILL): at random moments
spread over the time it writes in, and at every named point between two of its writes. After each kill the archive is
opened again and every article looked at. What was acknowledged - counted by the progress callback, or removed by a
call that returned - must be there whole, be found by a word that only it has, and answer a question; what was not may
be there or not, but never half and never twice. Then the same ingest runs again and must leave everything in.

The articles are invented. Every fourth is a copy of the one before, so that passages and reports are shared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag import ingest
from rag.archive import Archive
from rag.catalogue import Catalogue
from rag.errors import UnknownArticle
from rag.folder import check_folder
from rag.passages import sentences
from rag.store import Store
from rag.vectors import Vectors

GROUP = 12
"""Passages written together: few, so that there is much to be killed between."""
ASKED = 3
"""Articles asked about after each kill."""
ACTS = ("ingest", "update", "delete")
POINTS: dict[str, tuple[type, str, bool]] = {
    "before the vectors": (Vectors, "upsert", False),
    "after the vectors": (Vectors, "upsert", True),
    "amid a transaction": (Catalogue, "put", True),
    "before the commit": (Catalogue, "next_generation", True),
    "after the commit": (Store, "_forget", False),
    "after old vectors went": (Store, "_forget", True),
    "amid a removal": (Catalogue, "remove", True),
}
"""Where a process can be killed: class, method, and whether after it. The n-th call is the moment."""
SCENES = ("harbour", "railway", "hospital", "orchard", "museum", "stadium", "library", "airport")


@dataclass(frozen=True, slots=True)
class Articles:
    """Invented articles, told apart by a word that only one revision of one article holds."""

    count: int

    def word(self, number: int, revision: int) -> str:
        letters = "bcdfgjklmnpqrtvwxz"  # no vowel and no ending: nothing is stemmed
        value, name = number * 2 + revision, ""
        while value:
            value, place = divmod(value, len(letters))
            name += letters[place]
        return f"zq{name}qz"

    def fields(self, number: int, revision: int) -> dict[str, str]:
        first = number - 1 if number % 4 == 3 else number
        chosen = random.Random(first)
        told = [_told(week, first, chosen) for week in range(1, 15)]
        news = f"The {self.word(number, revision)} commission counted {number + 11} ships."
        text = "\n\n".join((" ".join(told[:7]), " ".join(told[7:]), news))
        return {
            "id": f"a{number}",
            "title": f"Visitors at pier {first}",
            "text": text,
            "source": f"Outlet {number % 5}",
        }

    def write(self, path: Path, revision: int) -> Path:
        rows = (json.dumps(self.fields(number, revision)) + "\n" for number in range(self.count))
        path.write_text("".join(rows), encoding="utf-8")
        return path


def _told(week: int, pier: int, chosen: random.Random) -> str:
    more, district = chosen.randint(2, 90), chosen.randint(100, 999)
    scene = chosen.choice(SCENES)
    return f"The {scene} near pier {pier} took {more} more visitors in week {week}, said district {district}."


@dataclass(slots=True)
class Tally:
    """What was found after the kills."""

    moments: int = 0
    killed: int = 0
    acknowledged: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)
    out_of_step: int = 0
    """Kills after which ``doctor`` found vectors left over, which the next ingest clears away."""
    after: int = 0
    """Findings of ``doctor`` after the next ingest."""

    def fault(self, kind: str, what: str) -> None:
        self.faults[kind] += 1
        self.told.append(f"{kind}: {what}")


# The process that is killed


def work(act: str, folder: Path, source: Path, acknowledged: Path, point: str | None, nth: int, opened: Any) -> None:
    """Do one act, noting what it acknowledges; ends by SIGKILL at the ``nth`` passing of a point, if one is named."""
    ingest.GROUP = GROUP
    if point is not None:
        arm(point, nth)
    with open(acknowledged, "ab", buffering=0) as file, opened(folder) as archive:
        file.write(b"begun\n")
        if act == "delete":
            for id in [article.id for article in archive.articles()]:
                archive.remove(id)
                file.write(f"{id}\n".encode())
        else:
            archive.ingest(
                [source], progress=lambda one: file.write(f"{one.added + one.updated + one.skipped}\n".encode())
            )


def arm(point: str, nth: int) -> None:
    """Have this process kill itself at a point."""
    owner, name, after = POINTS[point]
    original: Callable[..., Any] = getattr(owner, name)
    calls = iter(range(1, nth + 1))

    def deadly(*given: Any, **named: Any) -> Any:
        last = next(calls, nth) == nth
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        done = original(*given, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, deadly)


# The one that looks


def acknowledgements(path: Path, act: str) -> set[int]:
    """Numbers of the articles acknowledged."""
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    if act == "delete":
        return {int(line.removeprefix("a")) for line in lines}
    return set(range(int(lines[-1]))) if lines else set()


@dataclass
class Drill:
    """Kills of one act on one set of articles."""

    act: str
    articles: Articles
    folder: Path
    opened: Callable[[Path], Any]
    """Opens an archive; named in its module, as the process that is killed gets it too."""
    tally: Tally = field(default_factory=Tally)
    context: Any = field(default_factory=lambda: _context())

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.base = self.folder / "base"
        self.sources = {
            revision: self.articles.write(self.folder / f"{revision}.jsonl", revision) for revision in (1, 2)
        }
        # One name for both, as a file that changes has.
        self.source = self.folder / "articles.jsonl"
        if self.act != "ingest":
            shutil.copy(self.sources[1], self.source)
            with self.opened(self.base) as archive:
                archive.ingest([self.source])
        shutil.copy(self.sources[self.goal], self.source)

    @property
    def goal(self) -> int:
        return 2 if self.act == "update" else 1

    def seconds(self) -> float:
        """How long the act takes where nothing kills it."""
        process, path, _ = self.started(None, 0)
        while process.is_alive() and not path.exists():
            time.sleep(0.001)
        began = time.perf_counter()
        process.join()
        assert process.exitcode == 0, "the act fails without a kill too"
        return time.perf_counter() - began

    def kill_after(self, seconds: float) -> bool:
        """Kill from outside, so long after the first line; whether it was still at work."""
        process, path, copy = self.started(None, 0)
        while process.is_alive() and not path.exists():
            time.sleep(0.001)
        time.sleep(seconds)
        process.kill()
        process.join()
        self._look(copy, path, process.exitcode, f"after {seconds:.3f} s")
        return bool(process.exitcode == -signal.SIGKILL)

    def kill_at(self, point: str, nth: int) -> bool:
        """Kill at a point; whether the act came by there as often as that."""
        process, path, copy = self.started(point, nth)
        process.join()
        self._look(copy, path, process.exitcode, f"{point}, call {nth}")
        return bool(process.exitcode == -signal.SIGKILL)

    def started(self, point: str | None, nth: int) -> tuple[Any, Path, Path]:
        copy = Path(tempfile.mkdtemp(dir=self.folder))
        if self.base.exists():
            shutil.copytree(self.base, copy / "archive")
        path = copy / "acknowledged"
        given = (self.act, copy / "archive", self.source, path, point, nth, self.opened)
        process = self.context.Process(target=work, args=given)
        process.start()
        return process, path, copy

    def _look(self, copy: Path, path: Path, code: int | None, moment: str) -> None:
        self.tally.moments += 1
        self.tally.killed += code == -signal.SIGKILL
        if code not in (0, -signal.SIGKILL):
            self.tally.fault("failed", f"{moment}: the act ended with {code}")
        acknowledged = acknowledgements(path, self.act)
        self.tally.acknowledged += len(acknowledged)
        with self.opened(copy / "archive") as archive:
            self.check(archive, acknowledged, moment)
            self.tally.out_of_step += bool(archive.doctor())
            report = archive.ingest([self.source])
            if report.failed:
                self.tally.fault("failed", f"{moment}: the next ingest: {report.failed[0]}")
            whole = set(range(self.articles.count))
            self.check(archive, whole, f"{moment}, after the next ingest", done=True)
            found = archive.doctor()
            self.tally.after += len(found)
            self.tally.told += [f"doctor: {moment}: {one}" for one in found]
        shutil.rmtree(copy)

    def check(self, archive: Archive, acknowledged: set[int], moment: str, *, done: bool = False) -> None:
        vectors = set(archive._store.vectors.ids())
        asked = set(random.Random(len(acknowledged)).sample(sorted(acknowledged), min(ASKED, len(acknowledged))))
        for number in range(self.articles.count):
            gone = self.act == "delete" and not done
            revision = self._revision(archive, number, moment)
            if number in acknowledged and revision != (None if gone else self.goal):
                self.tally.fault("lost", f"{moment}: a{number} is in revision {revision}")
            elif number not in acknowledged and revision not in ({None, 1, 2} if self.act == "update" else {None, 1}):
                self.tally.fault("half", f"{moment}: a{number} is in revision {revision}")
            if self.act != "ingest" and not gone and revision is None:
                self.tally.fault("lost", f"{moment}: a{number} was there before")
            self._check_found(archive, number, revision, moment)
            if revision is not None:
                self._check_whole(archive, number, vectors, moment)
            if number in asked and not gone and revision is not None:
                self._check_answers(archive, number, revision, moment)
        if len(archive.articles()) > self.articles.count:
            self.tally.fault("twice", moment)
        for fault in archive._store.words.check() + archive._store.clusters.check():
            self.tally.fault("half", f"{moment}: {fault}")

    def _revision(self, archive: Archive, number: int, moment: str) -> int | None:
        try:
            article = archive.article(f"a{number}")
        except UnknownArticle:
            return None
        texts = {self.articles.fields(number, revision)["text"]: revision for revision in (1, 2)}
        if article.text not in texts:
            self.tally.fault("half", f"{moment}: a{number} has a text of its own")
        return texts.get(article.text)

    def _check_found(self, archive: Archive, number: int, revision: int | None, moment: str) -> None:
        for each in (1, 2):
            word = self.articles.word(number, each)
            hits = [hit for hit in archive.search(word) if word in hit.text]
            ids = [hit.article_id for hit in hits]
            wanted = [f"a{number}"] if each == revision else []
            if ids != wanted:
                kind = "twice" if len(ids) > len(wanted) else "lost"
                self.tally.fault(kind, f"{moment}: the word of a{number} in revision {each} is found in {ids}")

    def _check_whole(self, archive: Archive, number: int, vectors: set[str], moment: str) -> None:
        article = archive.article(f"a{number}")
        hits = archive._store.words.passages(article.id)
        for sentence in sentences(article.text, article.language):
            if sum(hit.start <= sentence.start and sentence.end <= hit.end for hit in hits) != 1:
                self.tally.fault("half", f"{moment}: a sentence of {article.id} is not in one passage")
        keys = archive._store.prepare(ingest.Reading(article, article.id, "", b"")).keys
        if not set(keys) <= vectors:
            self.tally.fault("half", f"{moment}: {article.id} lacks vectors")

    def _check_answers(self, archive: Archive, number: int, revision: int, moment: str) -> None:
        question = f"How many ships did the {self.articles.word(number, revision)} commission count?"
        # Every passage is weighed: how well hashed vectors rank is not what is asked here.
        answer = archive.ask(question, k=2 * self.articles.count)
        if (
            f"a{number}" not in [citation.article_id for citation in answer.citations]
            or str(number + 11) not in answer.text
        ):
            self.tally.fault("mute", f"{moment}: a{number} does not answer: {answer.text}")


def _context() -> Any:
    """Processes that start at once: they are forked from one that has imported all and opened nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rag.archive", "rag.ingest", "chromadb", "numpy"])
    return context


class Hashed:
    """An embedder that counts words: what is killed then writes nearly all the time."""

    name, dimensions, limit = "hashed-words", 64, 254

    def count(self, text: str) -> int:
        return len(self.offsets(text))

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), self.dimensions), 0.01, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@contextmanager
def hashed(folder: Path) -> Iterator[Archive]:
    """An archive with the counting embedder."""
    check_folder(folder, create=True)
    with Archive(folder, model="extractive", embedder=Hashed()) as archive:
        yield archive


def drill(
    act: str, articles: Articles, folder: Path, *, moments: int, seed: int, opened: Callable[[Path], Any] = hashed
) -> Tally:
    """Kill at random moments, then at every named point that the act comes by, at its first and at a later call."""
    subject = Drill(act, articles, folder, opened)
    seconds, chosen = subject.seconds(), random.Random(f"{seed} {act}")
    while subject.tally.killed < moments:
        # One in each equal part of the time, lest chance leave a part out; a machine may be faster than it was.
        part = subject.tally.killed
        if not subject.kill_after(seconds * (part + chosen.random()) / moments):
            seconds *= 0.95
    for point in POINTS:
        for nth in (1, 3, 1 + chosen.randrange(12)):
            if not subject.kill_at(point, nth):
                break
    return subject.tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=50, help="random moments of each act")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--act", choices=ACTS, action="append")
    parser.add_argument("--bundled", dest="opened", action="store_const", const=Archive.open, default=hashed)
    given = parser.parse_args()
    print("act      moments  killed  acknowledged  lost  half  twice  mute  failed  out of step  after next ingest")
    for act in given.act or ACTS:
        with tempfile.TemporaryDirectory(prefix="groundwire-drill-") as folder:
            tally = drill(
                act,
                Articles(given.articles),
                Path(folder),
                moments=given.moments,
                seed=given.seed,
                opened=given.opened,
            )
        faults = "  ".join(
            f"{tally.faults[kind]:>{len(kind)}}" for kind in ("lost", "half", "twice", "mute", "failed")
        )
        print(f"{act:<7}  {tally.moments:>7}  {tally.killed:>6}  {tally.acknowledged:>12}  {faults}", end="  ")
        print(f"{tally.out_of_step:>11}  {tally.after:>17}", flush=True)
        print("\n".join(tally.told[:20]), end="\n" if tally.told else "", flush=True)


if __name__ == "__main__":
    main()
