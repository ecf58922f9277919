"""What an answer by a language model costs beside the model: our own time per answer at 100,000 passages.

    python -m benchmarks.own_time --data FOLDER [--passages N] [--articles N]

FOLDER holds news_articles_2023 and news_questions_2023 as gzipped JSON lines. The archive is that of
``benchmarks.search_speed``. A scripted model copies one sentence of each of five passages at once, so that the whole
of what is left is ours: understanding, search, weighing, prompts, reading the reply, checking it. Each question is
asked once to warm up what any question needs, then timed; embedding the question is timed beside it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from benchmarks.archives import filled
from benchmarks.search_speed import copied
from rag import Archive, passages
from rag.embedder import bundled_embedder
from rag.models.reader.data import load

SENTENCES = 5
_PASSAGE = re.compile(r"<passage (\d+)>\n[^\n]*\n(.*?)\n</passage", re.DOTALL)


class Copying(BaseChatModel):
    """Answers with the first sentence of each of the first passages."""

    @property
    def _llm_type(self) -> str:
        return "copying"

    def _generate(self, messages: list[BaseMessage], *arguments: Any, **options: Any) -> ChatResult:
        found = _PASSAGE.findall(messages[-1].text)[:SENTENCES]
        firsts = [
            (text[: next(iter(passages.sentences(text))).end], number) for number, text in found if text.strip()
        ]
        text = " ".join(f"{first} [{number}]" for first, number in firsts)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])


def main() -> None:
    """Build, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--articles", type=int, help="different articles, at most")
    parser.add_argument("--questions", type=int, default=100)
    options = parser.parse_args()
    questions = [row["question"] for row in load(options.data, "news_questions_2023")][: options.questions]
    rows = load(options.data, "news_articles_2023")[: options.articles]
    with tempfile.TemporaryDirectory() as folder:
        store = copied(Path(folder) / "many", filled(Path(folder) / "one", rows), options.passages)
        count = store.words.count()
        store.close()
        with Archive.open(Path(folder) / "many", model="extractive") as archive:
            _report(archive, questions, count)


def _report(archive: Archive, questions: list[str], count: int) -> None:
    model = Copying()
    archive.ask(questions[0], model=model)
    rows = []
    for question in questions:
        began = time.perf_counter()
        bundled_embedder().embed([question])
        embedding = time.perf_counter() - began
        spent = archive.ask(question, model=model, repair=False).seconds
        rows.append((embedding, spent.retrieve, spent.answer, spent.verify, spent.total))
    print(f"{count:,} passages, {len(rows)} questions, milliseconds (p50 / p95)")
    for name, column in zip(("embedding", "retrieve", "answer", "verify", "total"), np.array(rows).T, strict=True):
        print(f"{name:10} {np.quantile(column, 0.5) * 1000:8.1f} {np.quantile(column, 0.95) * 1000:8.1f}")


if __name__ == "__main__":
    main()
