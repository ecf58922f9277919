"""What a run has so far, case by case on disk: the same command goes on after a kill, and asks nothing twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from filelock import FileLock, Timeout

from eval.report import Outcome
from eval.running.saved import outcome_from, outcome_json, seconds_json
from eval.scores import Context
from rag.errors import InputError, UsageError

if TYPE_CHECKING:
    from rag.chat_models.spending import Budget

Json = dict[str, Any]


class Journal:
    """The finished cases of one run; a run is the same when its suite, settings and program are."""

    def __init__(self, folder: Path, identity: Json) -> None:
        """Opened by ``with``, which holds it against another process."""
        self._identity = json.loads(json.dumps(identity))
        name = hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]
        self.path = folder / f"{name}.unfinished.jsonl"
        # Hidden, for it stays: to remove a lock is to take it from whoever waits for it.
        self._lock = FileLock(folder / f".{name}.lock", timeout=0, thread_local=False)

    def __enter__(self) -> Self:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise UsageError(f"{self.path}: another process is at this very run; wait for it, or end it.") from None
        except OSError as error:
            raise InputError(
                f"{self.path.parent}: runs cannot be kept there ({error.strerror}); give --runs DIR."
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def outcomes(self, context: Context) -> dict[str, Outcome]:
        """What was answered before, by case; a line that a kill tore is as if it had not been written."""
        found = {}
        for record in self._records():
            try:
                outcome = outcome_from(record["outcome"], record["seconds"], context)
            except (KeyError, TypeError, ValueError):
                continue
            found[outcome.case.id] = outcome
        return found

    def spent(self) -> float:
        """US dollars that were spent on it so far, as far as prices are known."""
        spent = (record.get("spent") for record in self._records())
        return max((float(one) for one in spent if isinstance(one, int | float)), default=0.0)

    @contextmanager
    def writing(self, budget: Budget | None = None) -> Iterator[JournalWriter]:
        """Adds to what is there; a torn end is cut off first. What ``budget`` has spent is kept with each case."""
        kept = [{"run": self._identity}, *self._records()]
        beside = self.path.with_suffix(".new")
        beside.write_text("".join(f"{json.dumps(record)}\n" for record in kept), encoding="utf-8")
        beside.replace(self.path)
        with self.path.open("a", encoding="utf-8") as file:
            yield JournalWriter(file, budget)

    def discard(self) -> None:
        """Forget it, once the report is kept."""
        self.path.unlink(missing_ok=True)

    def _records(self) -> list[Json]:
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return []
        records = [record for line in lines if (record := _read(line))]
        return records[1:] if records and records[0].get("run") == self._identity else []


class JournalWriter:
    """Appends outcomes, each a line of its own. Safe to share between threads."""

    def __init__(self, file: IO[str], budget: Budget | None) -> None:
        self._file = file
        self._budget = budget
        self._lock = Lock()

    def add(self, outcome: Outcome) -> None:
        """Keep an answered case; one that failed is asked again."""
        if outcome.output is not None:
            spent = self._budget.spent.cost if self._budget else None
            record = {"outcome": outcome_json(outcome), "seconds": seconds_json(outcome), "spent": spent}
            with self._lock:
                self._file.write(f"{json.dumps(record, allow_nan=False)}\n")
                self._file.flush()


def _read(line: str) -> Json | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
