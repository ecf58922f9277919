"""How well questions are met: the right articles, the right sentences, an honest refusal, and how soon. One table.

    python -m benchmarks.questions --data FOLDER

FOLDER holds the files named in benchmarks/retrieval.py, evidence.py and search_speed.py, which measure more, each of
its own. Half an hour on two cores.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks import evidence, retrieval, search_speed
from rag.evidence import FEATURES

PASSAGES = 100_000


def rows(data: Path) -> Iterator[tuple[str, str, str]]:
    """What is measured, the plain path, and the figure."""
    for name in ("news 2023", "TIME 1963"):
        found, recall = retrieval.measured(data, name)
        ndcg = {one.name: f"{one.ndcg:.3f}" for one in found}
        plain = ", ".join(f"{way} {ndcg[way]}" for way in ("words", "dense", "rank fusion"))
        yield f"{name}, nDCG@10 by article", plain, ndcg["search"]
        yield f"{name}, recall@10 of the vector index", "exact 1", f"{recall:.3f}"
    some = evidence.measured(data)
    read, subjects = evidence.judged(some, range(len(FEATURES)))
    plain_path, _ = evidence.judged(some, range(2, len(FEATURES)))
    yield (
        "SQuAD 2, subjects not trained on: first statement holds the answer / one of three",
        f"{plain_path.first:.2f} / {plain_path.three:.2f}",
        f"{read.first:.2f} / {read.three:.2f}",
    )
    for subject, of_it in subjects.items():
        yield f"  {subject.replace('_', ' ')}", "", f"{of_it.first:.2f} / {of_it.three:.2f}; AUC {of_it.auc:.2f}"
    yield "answerable against unanswerable, AUC of the refusal score", f"{plain_path.auc:.2f}", f"{read.auc:.2f}"
    yield (
        "about nothing there, refused where 5 % of answerable are",
        f"{plain_path.foreign:.2f}",
        f"{read.foreign:.2f}",
    )
    for kind, refused in read.refused.items():
        yield f"  refused: {kind}", f"{plain_path.refused[kind]:.2f}", f"{refused:.2f}"
    speed = search_speed.run(data, PASSAGES)
    yield f"p95 of a search at {speed.passages} passages / of embedding, new questions", "", f"{speed.new:.1f}"
    yield "  questions whose words were asked before", "", f"{speed.warm:.1f}"
    for name, (share, ratio) in speed.filtered.items():
        yield f"  filtered / unfiltered: {name} ({share:.1%} of articles)", "", f"{ratio:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    print(f"{'measured':84} {'plain path':44} figure")
    for measured, plain, figure in rows(parser.parse_args().data):
        print(f"{measured:84} {plain:44} {figure}", flush=True)


if __name__ == "__main__":
    main()
