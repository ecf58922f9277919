"""How many lies pass as supported, and how many true sentences in other words are rejected.

    python -m benchmarks.lies
    python -m benchmarks.lies --articles FILE.jsonl.gz

Lies of every kind in ``benchmarks/lying.py`` and paraphrases by the rules of ``benchmarks/paraphrasing.py``, made of
the sample articles or of the rows of FILE (title, text), are given to the product as a model's reply that cites one
of ten passages of several articles. The checks were tuned on the tuning half of the sample articles, by hash of id.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.lying import HARD, INVENTED, KINDS, NEGATED, WRONG, Truth, lie, people
from benchmarks.paraphrasing import paraphrase
from eval.suite import article_files
from rag import passages
from rag.citing import Checked, Passed
from rag.embedder import open_embedder
from rag.intake.readings import Reading
from rag.intake.sources import read
from rag.orders import gives_orders
from rag.records import Article, Hit
from rag.written.grounding import ground
from rag.written.replied import read_reply

SEEDS = Path(__file__).parents[1] / "seeds"
HALVES = ("tuning", "held-out")
ARTICLES = 26
"""Of a file, as many as the samples are."""
PASSED = 10
SHORTEST = 7
"""Words of a true sentence."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence as a model would write it, and what became of it."""

    kind: str
    half: str
    true: str
    text: str
    checked: Checked

    @property
    def verdict(self) -> str:
        return self.checked.check.verdict


@dataclass(frozen=True, slots=True)
class Page:
    """What a model was given, and a sentence of it that is true."""

    truth: Truth
    passed: tuple[Passed, ...]
    half: str


def main() -> int:
    """Make, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=Path, help="JSON Lines of other articles, gzipped or not")
    parser.add_argument("--count", type=int, default=500, help="lies, and as many paraphrases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", choices=["lies", "passed", "paraphrases", "rejected"], help="print these too")
    options = parser.parse_args()
    pages = pages_of(rows(options.articles) if options.articles else samples())
    start = time.perf_counter()
    lies = tell_lies(pages, options.count, options.seed)
    true = tell_again(pages, options.count, options.seed)
    seconds = time.perf_counter() - start
    print_tables(lies, true)
    print(f"\n{seconds / (len(lies) + len(true)) * 1000:.1f} ms a sentence")
    _show(options.show, lies, true)
    return 0


def samples() -> list[Article]:
    """The sample articles."""
    return [one.article for file in article_files(SEEDS) for one in read(file) if isinstance(one, Reading)]


def rows(path: Path) -> list[Article]:
    """Articles of a file, spread over it."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    chosen = found[:: max(1, len(found) // ARTICLES)][:ARTICLES]
    return [Article(id=row["id"], title=row["title"], text=row["text"]) for row in chosen]


def pages_of(articles: Sequence[Article]) -> list[Page]:
    """Every sentence that can be told again, with the passages of its article and some of others."""
    split = {article.id: _passed(article) for article in articles}
    pages = []
    for article in articles:
        strangers = [name for other in articles if other.id != article.id for name in people(other.text)]
        others = [one for other, own in sorted(split.items()) if other != article.id for one in own]
        random = Random(article.id)
        passed = (*split[article.id], *random.sample(others, min(len(others), PASSED)))[:PASSED]
        half = HALVES[hashlib.sha256(article.id.encode()).digest()[0] % 2]
        for number, one in enumerate(passed, 1):
            if one.article.id == article.id:
                texts = list(_told(one))
                pages += [Page(Truth(text, article.text, number, strangers), passed, half) for text in texts]
    return pages


def _passed(article: Article) -> list[Passed]:
    embedder = open_embedder(None)
    spans = passages.spans(article, offsets=embedder.offsets, limit=embedder.limit)
    return [
        Passed(
            Hit(
                f"{article.id}#{place}", article.id, 1, span.start, span.end, 1.0, article.text[span.start : span.end]
            ),
            article,
        )
        for place, span in enumerate(spans)
    ]


def _told(one: Passed) -> Iterator[str]:
    for span in passages.sentences(one.hit.text):
        text = " ".join(one.hit.text[span.start : span.end].split())
        whole = text.endswith((".", "”")) and (text[:1].isupper() or text[:1] == "“")
        even = text.count("“") == text.count("”") and text.count('"') % 2 == 0
        if whole and even and len(text.split()) >= SHORTEST and not gives_orders(text) and len(read_reply(text)) == 1:
            yield text


def _judge(text: str, cites: int, passed: Sequence[Passed]) -> Checked:
    """The sentence as the product checks it in a model's reply: the worst of what it was read as."""
    checked = [ground(marked, passed) for marked in read_reply(f"{text} [{cites}]")]
    order = ("unsupported", "weak", "supported")
    return min(checked, key=lambda one: order.index(one.check.verdict))


def tell_lies(pages: Sequence[Page], count: int, seed: int) -> list[Case]:
    """So many lies, as even as can be over the kinds, checked."""
    random = Random(seed)
    made: dict[str, list[Case]] = defaultdict(list)
    for kind in KINDS:
        for page in random.sample(list(pages), len(pages)):
            texts = [one.hit.text for one in page.passed]
            told = lie(kind, page.truth, texts, random)
            if told is None:
                continue
            checked = _judge(told.text, told.cites, page.passed)
            made[kind].append(Case(kind, page.half, page.truth.text, told.text, checked))
            if len(made[kind]) == -(-count // len(KINDS)) + count // 50:
                break
    return _evenly(made, count)


def _evenly(made: dict[str, list[Case]], count: int) -> list[Case]:
    """Cases of the kinds in turn until there are enough."""
    deepest = max((len(cases) for cases in made.values()), default=0)
    turns = (made[kind][place] for place in range(deepest) for kind in KINDS if place < len(made[kind]))
    return [case for case, _ in zip(turns, range(count), strict=False)]


def tell_again(pages: Sequence[Page], count: int, seed: int) -> list[Case]:
    """So many true sentences in other words, each said once, checked."""
    random = Random(seed)
    cases: dict[str, Case] = {}
    for _ in range(30):
        for page in random.sample(list(pages), len(pages)):
            text, used = paraphrase(page.truth.text, page.truth.people, random)
            if text not in cases and text not in page.truth.article and len(cases) < count:
                checked = _judge(text, page.truth.passage, page.passed)
                cases[text] = Case(" + ".join(used), page.half, page.truth.text, text, checked)
    return list(cases.values())


def print_tables(lies: Sequence[Case], true: Sequence[Case]) -> None:
    """A row for each kind and half, then what the demands ask for."""
    print(f"{'':34} {'':>5} {'shown as':>9} {'':>5} {'':>11}    by half, shown as supported")
    print(f"{'lies':34} {'':>5} {'supported':>9} {'weak':>5} {'unsupported':>11}    {HALVES[0]:>10} {HALVES[1]:>10}")
    for kind in KINDS:
        _row(kind, [case for case in lies if case.kind == kind])
    hard = {*HARD, WRONG, INVENTED}
    _row("= figure, date, name, quotation, citation", [case for case in lies if case.kind in hard])
    _row("= negation", [case for case in lies if case.kind in NEGATED])
    _row("= all lies", lies)
    _row("true sentences in other words", true)


def _row(name: str, cases: Sequence[Case]) -> None:
    def count(verdict: str, half: str = "") -> int:
        return sum(case.verdict == verdict and half in ("", case.half) for case in cases)

    halves = [f"{count('supported', half)}/{sum(case.half == half for case in cases)}" for half in HALVES]
    verdicts = f"{count('supported'):9} {count('weak'):5} {count('unsupported'):11}"
    print(f"{name:41.41}{len(cases):4}{verdicts}    {halves[0]:>10} {halves[1]:>10}")


def _show(what: str | None, lies: Sequence[Case], true: Sequence[Case]) -> None:
    shown = {
        "lies": lies,
        "passed": [case for case in lies if case.verdict == "supported"],
        "paraphrases": true,
        "rejected": [case for case in true if case.verdict != "supported"],
    }
    for case in shown.get(what or "", []):
        faults = "; ".join(f"{problem.kind}: {problem.message}" for problem in case.checked.check.problems)
        print(f"\n[{case.half}, {case.kind}] {case.verdict} {faults}\n  true: {case.true}\n  told: {case.text}")


if __name__ == "__main__":
    sys.exit(main())
