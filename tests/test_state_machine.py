"""An archive against a plain model of what should be in it, through changes, removals, kills and a second writer."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from benchmarks.kill_drill import Hashed
from rag import Archive, ingest
from rag.catalogue import Catalogue
from rag.folder import check_folder
from rag.mending import findings
from rag.store import Store
from rag.vectors import Vectors

LINES, FILES = range(4), range(4, 7)
"""Articles of one JSON Lines file, two by id and two by address; and those of files of their own, by where they are."""
SLOTS = (*LINES, *FILES)
_SOME = st.sets(st.sampled_from(SLOTS), min_size=1)
LETTERS = "bcdfgjklmnpqrtvwxz"
MOMENTS: dict[str, tuple[type, str, bool]] = {
    "before the vectors": (Vectors, "upsert", False),
    "after the vectors": (Vectors, "upsert", True),
    "amid the transaction": (Catalogue, "put", True),
    "after the commit": (Store, "_forget", False),
}


class Killed(BaseException):
    """Ends what is done as a kill would: nothing on the way takes it for an error."""


def word(slot: int, version: int) -> str:
    """A word that only this version of this article holds."""
    return f"zq{LETTERS[slot]}{LETTERS[version]}qz"


def text(slot: int, version: int) -> str:
    """Slots that follow each other carry the same report, but for that word."""
    report = " ".join(f"The council of ward {slot // 2} sold plot {number} to the railway." for number in range(12))
    return f"{report}\n\n{report.replace('sold', 'leased')}\n\nIt was told by the {word(slot, version)} bureau."


def title(slot: int) -> str:
    return f"Plots of ward {slot // 2}" if slot % 4 < 2 else f"Ward {slot // 2}, as told by paper {slot}"


def row(slot: int, version: int) -> dict[str, str]:
    identity = {"id": f"a{slot}"} if slot < 2 else {"url": f"https://paper{slot}.example/plots"}
    return {"title": title(slot), "text": text(slot, version), **identity}


@contextmanager
def killing(owner: type, name: str, after: bool) -> Iterator[None]:
    """The first call of a method raises Killed, before or after its work."""
    original: Callable[..., Any] = getattr(owner, name)

    def deadly(*given: Any, **named: Any) -> Any:
        if after:
            original(*given, **named)
        raise Killed

    setattr(owner, name, deadly)
    try:
        yield
    finally:
        setattr(owner, name, original)


class Newsroom(RuleBasedStateMachine):
    """``disk`` is what the folder holds, ``kept`` what the archive should hold: versions by slot."""

    @initialize()
    def begin(self) -> None:
        self.group, ingest.GROUP = ingest.GROUP, 6
        self.folder = Path(tempfile.mkdtemp(prefix="groundwire-state-"))
        self.room = self.folder / "room"
        self.room.mkdir()
        self.disk: dict[int, int] = {}
        self.kept: dict[int, int] = {}
        self.known: set[tuple[int, int]] = set()
        self.dead: list[Archive] = []
        self.open = [self.opened(), self.opened()]
        for archive in self.open:
            assert archive.search("plots of the railway") == []

    def opened(self) -> Archive:
        check_folder(self.folder / "archive", create=True)
        return Archive(self.folder / "archive", model="extractive", embedder=Hashed())

    def teardown(self) -> None:
        if hasattr(self, "open"):
            for archive in (*self.open, *self.dead):
                archive.close()
            shutil.rmtree(self.folder)
            ingest.GROUP = self.group

    # What the newsroom does

    @rule(slots=_SOME, version=st.integers(0, 3))
    def write(self, slots: set[int], version: int) -> None:
        self.disk |= dict.fromkeys(slots, version)
        self.save()

    @precondition(lambda self: self.disk)
    @rule(slot=st.sampled_from(SLOTS))
    def delete(self, slot: int) -> None:
        self.disk.pop(slot, None)
        self.save()

    def save(self) -> None:
        lines = [json.dumps(row(slot, version)) + "\n" for slot, version in self.disk.items() if slot in LINES]
        self.put("lines.jsonl", "".join(lines))
        for slot in FILES:
            self.put(f"{slot}.txt", f"{title(slot)}\n\n{text(slot, self.disk[slot])}" if slot in self.disk else "")

    def put(self, name: str, content: str) -> None:
        if content:
            (self.room / name).write_text(content, encoding="utf-8")
        else:
            (self.room / name).unlink(missing_ok=True)

    # What the archive does

    @rule(who=st.integers(0, 1), sync=st.booleans())
    def ingest(self, who: int, sync: bool) -> None:
        report = self.open[who].ingest([self.room], sync=sync)
        before, self.kept = self.kept, self.expected(sync=sync)
        self.known |= set(self.disk.items())
        assert not report.failed or not self.disk
        assert report.removed == len(before.keys() - self.kept.keys())
        assert report.added == len(self.kept.keys() - before.keys())
        assert report.updated == sum(before[slot] != self.kept[slot] for slot in before.keys() & self.kept.keys())
        assert findings(self.open[who]._store) == []

    def expected(self, *, sync: bool) -> dict[int, int]:
        """What is in the folder; without ``sync``, or if the folder is empty, also all that was there."""
        return dict(self.disk) if sync and self.disk else self.kept | self.disk

    @rule(who=st.integers(0, 1))
    def ingest_again(self, who: int) -> None:
        self.ingest(who, sync=False)
        report = self.open[who].ingest([self.room])
        assert (report.added, report.updated, report.skipped) == (0, 0, len(self.disk))

    @precondition(lambda self: self.kept)
    @rule(who=st.integers(0, 1), data=st.data())
    def remove(self, who: int, data: st.DataObject) -> None:
        slots = data.draw(st.lists(st.sampled_from(sorted(self.kept)), min_size=1, max_size=2, unique=True))
        self.open[who].remove(*(self.ids()[slot] for slot in slots))
        for slot in slots:
            del self.kept[slot]

    @precondition(lambda self: self.kept)
    @rule(who=st.integers(0, 1), data=st.data())
    def take_out_and_restore(self, who: int, data: st.DataObject) -> None:
        slots = data.draw(st.lists(st.sampled_from(sorted(self.kept)), min_size=1, max_size=3, unique=True))
        kept = self.open[who].take_out(*(self.ids()[slot] for slot in slots))
        assert self.found() == {slot: version for slot, version in self.kept.items() if slot not in slots}
        self.open[1 - who].restore(kept)
        assert self.listed() == [article.id for article in self.open[who].articles()]

    def listed(self) -> list[str]:
        return [one.id for one in self.open[0].listing(limit=200).articles]

    @rule(who=st.integers(0, 1))
    def reopen(self, who: int) -> None:
        self.open[who].close()
        self.open[who] = self.opened()

    @rule(who=st.integers(0, 1), moment=st.sampled_from(sorted(MOMENTS)), slots=_SOME, version=st.integers(0, 3))
    def kill(self, who: int, moment: str, slots: set[int], version: int) -> None:
        self.write(slots, version)
        before, after = dict(self.kept), self.expected(sync=False)
        with suppress(Killed), killing(*MOMENTS[moment]):
            self.open[who].ingest([self.room])
        self.dead.append(self.open[who])
        self.open[who] = self.opened()
        self.known |= set(self.disk.items())
        self.kept = self.found()
        for slot in SLOTS:
            assert self.kept.get(slot) in {before.get(slot), after.get(slot)}, f"article {slot} is neither"

    @rule(who=st.integers(0, 1))
    def mend(self, who: int) -> None:
        assert self.open[who].doctor(repair=True) == []

    # What must hold

    def ids(self) -> dict[int, str]:
        by_title = {title(slot): slot for slot in SLOTS if slot >= 2}
        urls = {row(slot, 0)["url"]: slot for slot in LINES if slot >= 2}
        slots = {}
        for article in self.open[0].articles():
            slot = int(article.id[1:]) if article.id in ("a0", "a1") else urls.get(article.url or "")
            slot = slot if slot is not None else int(Path(article.origin or "").stem or by_title[article.title])
            assert slot not in slots, f"article {slot} is there twice"
            slots[slot] = article.id
        return slots

    def found(self) -> dict[int, int]:
        texts = {text(slot, version): (slot, version) for slot in SLOTS for version in range(4)}
        return dict(texts[self.open[0].article(id).text] for id in self.ids().values())

    @invariant()
    def what_is_kept_is_what_the_model_says(self) -> None:
        if hasattr(self, "open"):
            assert self.found() == self.kept

    @invariant()
    def each_word_is_found_where_it_stands_and_nowhere_else(self) -> None:
        if not hasattr(self, "open"):
            return
        ids = self.ids()
        for reader, (slot, version) in enumerate(sorted(self.known)):
            archive = self.open[reader % 2]
            hits = archive.search(f"the {word(slot, version)} bureau", k=30)
            for hit in hits:
                assert archive.article(hit.article_id, hit.revision).text[hit.start : hit.end] == hit.text
            held = [hit.article_id for hit in hits if word(slot, version) in hit.text]
            assert held == ([ids[slot]] if self.kept.get(slot) == version else [])

    @invariant()
    def the_index_and_the_clusters_fit_the_articles(self) -> None:
        if hasattr(self, "open"):
            store = self.open[1]._store
            assert store.words.check() + store.clusters.check() == []


Newsroom.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestNewsroom = Newsroom.TestCase
