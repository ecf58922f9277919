"""Inputs -> articles kept: one thread reads and splits, this one embeds, one writes, so that embedding never waits.

What is written is acknowledged by the report. Articles are written in groups, each whole or not at all.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, Full, Queue

from rag.errors import ArchiveBusy, ArchiveError, ModelError
from rag.intake.folders import is_missing, shown
from rag.intake.readings import Fetched, Finished, Gone, Options, Read, Reading, Unchanged
from rag.mending import mend
from rag.records import Failure, IngestReport, Note
from rag.store import Event, Prepared, Store, Taken, Whole

GROUP = 384
"""Passages embedded and written together: enough to sort by length, few enough to be soon acknowledged."""
AHEAD = 96
"""Articles read ahead at most."""
_WAIT = 0.1
"""Seconds between looks at whether to stop."""

Progress = Callable[[IngestReport], None]
Stop = Callable[[], bool]


def ingest(
    store: Store,
    paths: Iterable[str | Path],
    *,
    options: Options,
    sync: bool = False,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> IngestReport:
    """Take in what the paths hold. With ``stop`` telling so, it ends when the articles in hand are written.

    Raises:
        ArchiveBusy: another process has been writing for too long.
    """
    began = time.perf_counter()
    mend(store)
    run = _Run(store, store.register.next_run(), progress)
    wanted = [str(path) for path in paths]
    with _reading(store, wanted, options) as arriving, ThreadPoolExecutor(1, "groundwire-writer") as writer:
        run.take(arriving, writer, stop or (lambda: False))
    if sync and not run.stopped:
        run.keep_in_step([shown(os.path.abspath(path)) for path in wanted if os.path.isdir(path)])
    return replace(run.report, seconds=time.perf_counter() - began)


@dataclass(slots=True)
class _Run:
    """One ingest on its way."""

    store: Store
    number: int
    progress: Progress | None
    counts: Counter[str] = field(default_factory=Counter)
    failed: list[Failure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    stopped: bool = False
    group: list[Event] = field(default_factory=list)
    weight: int = 0
    in_hand: Sequence[Event] = ()
    writing: Future[list[Taken]] | None = None
    held: Counter[str] = field(default_factory=Counter)
    walked: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def report(self) -> IngestReport:
        """What was done so far."""
        counts = {name: self.counts[name] for name in ("added", "updated", "skipped", "removed")}
        return IngestReport(**counts, failed=tuple(self.failed), notes=tuple(self.notes))

    def take(self, arriving: Iterator[Event | Failure | Gone | None], writer: ThreadPoolExecutor, stop: Stop) -> None:
        """Group what arrives, and hand each group on; ``None`` says that nothing is waiting."""
        for event in arriving:
            if event is None or self.weight >= GROUP:
                self._hand_on(writer)
            if self.stopped or stop():
                self.stopped = True
                break
            if isinstance(event, Failure):
                self.failed.append(event)
            elif isinstance(event, Gone):
                self.gone.append(event.place)
            elif event is not None:
                self._add(event)
        self._hand_on(writer)
        self._acknowledge()

    def _add(self, event: Event) -> None:
        match event:
            case Prepared():
                self.held[event.reading.place] += 1
            case Unchanged(place=place, keys=(), count=count):
                self.walked.append(place)
                self.counts["skipped"] += count
                self._tell()
                return
            case Unchanged():
                self.held[event.place] += event.count
            case Whole(finished):
                self.walked.append(finished.place)
                event = Whole(finished, self.held.pop(finished.place, 0))
            case Fetched():
                pass
        self.group.append(event)
        self.weight += max(1, len(event.keys)) if isinstance(event, Prepared) else 1

    def _hand_on(self, writer: ThreadPoolExecutor) -> None:
        """Embed the group while the one before is still being written, then have it written."""
        if not self.group:
            self._acknowledge()
            return
        group, self.group, self.weight = self.group, [], 0
        try:
            vectors = self.store.embed(event for event in group if isinstance(event, Prepared))
        except (ModelError, ArchiveError) as error:
            self._acknowledge()
            self._fail(group, error)
            return
        self._acknowledge()
        if self.stopped:
            self._fail(group, ArchiveError("Not written, since what came before it could not be."))
            return
        self.in_hand = group
        self.writing = writer.submit(self.store.write, group, vectors, run=self.number)

    def _acknowledge(self) -> None:
        """Wait for the group being written, and count what became of it."""
        if self.writing is None:
            return
        writing, self.writing = self.writing, None
        try:
            taken = writing.result()
        except ArchiveBusy:
            raise
        except ArchiveError as error:
            self._fail(self.in_hand, error)
            return
        self.counts.update(taken)
        self.counts["skipped"] += sum(event.count for event in self.in_hand if isinstance(event, Unchanged))
        readings = [event.reading for event in self.in_hand if isinstance(event, Prepared)]
        self.notes += [Note(one.name, one.line, text) for one in readings for text in one.notes]
        self._tell()

    def _fail(self, group: Sequence[Event], error: Exception) -> None:
        """What cannot be written now will not be in a moment: say of which articles, and stop."""
        readings = [event.reading for event in group if isinstance(event, Prepared)]
        self.failed += [Failure(one.name, one.line, str(error)) for one in readings]
        self.stopped = True
        self._tell()

    def _tell(self) -> None:
        if self.progress is not None:
            self.progress(self.report)

    def keep_in_step(self, folders: Sequence[str]) -> None:
        """Remove what vanished from folders; nothing is taken for one that is empty: it may only be unmounted."""
        for folder in folders:
            places = self.store.register.places(folder)
            missing = [place for place in places if is_missing(place, folder)]
            if len(missing) < len(places):
                walked = sorted(set(self.walked) & set(places))
                self.counts["removed"] += len(self.store.keep_in_step(walked=walked, missing=missing))
        self.counts["removed"] += len(self.store.keep_in_step(walked=(), missing=self.gone))


@contextmanager
def _reading(
    store: Store, paths: Sequence[str], options: Options
) -> Iterator[Iterator[Event | Failure | Gone | None]]:
    """What a thread of its own reads and splits, as it comes."""
    arriving: Queue[Event | Failure | Gone | BaseException | None] = Queue(AHEAD)
    enough = threading.Event()
    reader = threading.Thread(
        target=_read, args=(store, paths, options, arriving, enough), name="groundwire-reader", daemon=True
    )
    reader.start()
    try:
        yield _arriving(arriving)
    finally:
        enough.set()
        # A server that takes its time must not hold up the end: the thread ends by itself when it answers.
        reader.join(timeout=5)


def _read(
    store: Store,
    paths: Sequence[str],
    options: Options,
    arriving: Queue[Event | Failure | Gone | BaseException | None],
    enough: threading.Event,
) -> None:
    def send(one: Event | Failure | Gone | BaseException | None) -> None:
        while not enough.is_set():
            try:
                arriving.put(one, timeout=_WAIT)
            except Full:
                continue
            return

    try:
        from rag.intake import sources

        for path in paths:
            for read in sources.read(path, options=options, memory=store.register):
                if enough.is_set():
                    return
                send(_event(store, read))
    except BaseException as error:  # handed to the thread that called
        send(error)
    finally:
        store.database.close_thread()
        send(None)


def _event(store: Store, read: Read) -> Event | Failure | Gone:
    match read:
        case Reading():
            return store.prepare(read)
        case Finished():
            return Whole(read, 0)
        case Unchanged() | Fetched() | Failure() | Gone():
            return read


def _arriving(queue: Queue[Event | Failure | Gone | BaseException | None]) -> Iterator[Event | Failure | Gone | None]:
    """Each event; ``None`` whenever there is nothing to do but wait."""
    waiting = False
    while True:
        try:
            event = queue.get(timeout=_WAIT if waiting else _WAIT / 2)
        except Empty:
            waiting = True
            yield None
            continue
        waiting = False
        if event is None:
            return
        if isinstance(event, BaseException):
            raise event
        yield event
