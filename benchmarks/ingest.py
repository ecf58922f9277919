"""How fast articles come in, as ratios from one run: ``python benchmarks/ingest.py --data FOLDER [--articles N]``.

FOLDER holds news_articles_2023 as gzipped JSON Lines. Needs ``pip install onnx langchain-chroma
langchain-text-splitters``, which Groundwire does not. Three questions:

- How much of the embedder's own rate, on the very texts that ingest embeds, does the whole of ingest keep?
- How many times faster is it than a plain LangChain + Chroma ingest that embeds as Chroma's default function does:
  32-bit weights, every text padded to 256 tokens, batches of 32, onnxruntime's default session, pooling in numpy? Its
  model is made here by writing the bundled 8-bit weights out as 32-bit ones, at the same cost as the original's. It
  takes evenly spaced articles (``--baseline``) and is compared by the character of article text, with passages of its
  own, and by the passage, with ours.
- How many times faster is a second ingest of the same file?

The embedder and the plain ingest run half before and half after ours, so that a machine that slows down slows all.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.archive import Archive
from rag.embedder import BundledEmbedder
from rag.intake import sources
from rag.intake.readings import Options, Reading
from rag.models import MODEL, TOKENIZER, bundled

PADDED, BATCH = 256, 32
"""As Chroma's default embedding function has them."""
AGAIN = 3
"""Unchanged ingests, of which the median counts."""


@dataclass(slots=True)
class Clock:
    """Work done and the seconds it took."""

    work: int = 0
    seconds: float = 0.0

    def time(self, work: int, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        self.seconds += time.perf_counter() - began
        self.work += work

    @property
    def rate(self) -> float:
        return self.work / self.seconds


@dataclass(frozen=True, slots=True)
class Piece:
    """What ingest makes of one article."""

    characters: int
    text: str
    passages: dict[str, str]
    """What is embedded, by content key."""


class Plain(Embeddings):
    """Chroma's default embedding function, with a 32-bit model found in ``path``."""

    def __init__(self, path: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self._session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(bundled(TOKENIZER)))
        self._tokenizer.enable_truncation(PADDED)
        self._tokenizer.enable_padding(length=PADDED)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows = [self._embed(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH)]
        return np.concatenate(rows).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def _embed(self, texts: list[str]) -> Any:
        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], dtype=np.int64)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        hidden = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        kept = np.broadcast_to(np.expand_dims(mask, -1), hidden.shape)
        mean = np.sum(hidden * kept, 1) / np.clip(kept.sum(1), 1e-9, None)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)


def in_32_bits(path: Path) -> None:
    """Write the bundled model with 32-bit weights and without its pooling: token ids in, one vector a token out."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(str(bundled(MODEL)))
    graph = model.graph
    made = {output: node for node in graph.node for output in node.output}
    readers: dict[str, Any] = {}
    for node in graph.node:
        for name in node.input:
            readers.setdefault(name, node)
    held = {one.name: numpy_helper.to_array(one) for one in graph.initializer}

    nodes: list[Any] = []
    constants = list(graph.initializer)
    replaced: set[str] = set()

    def real(name: str, value: Any) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=np.float32), name))
        return name

    for node in graph.node:
        if node.op_type == "MatMulInteger":
            spread = made[made[node.input[0]].input[0]]
            scaled = readers[readers[readers[node.output[0]].output[0]].output[0]]
            weight = held[node.input[1]] * (held[scaled.input[1]] * 127)
            inputs = [spread.input[0], real(f"weight{len(nodes)}", weight)]
            nodes.append(helper.make_node("MatMul", inputs, scaled.output))
            replaced.add(scaled.output[0])
        elif node.op_type == "Gather" and held[node.input[0]].dtype == np.int8:
            scaled = readers[readers[node.output[0]].output[0]]
            table = held[node.input[0]] * held[made[scaled.input[1]].input[0]]
            nodes.append(helper.make_node("Gather", [real("words", table), node.input[1]], scaled.output))
            replaced.add(scaled.output[0])
        elif node.output[0] not in replaced:
            nodes.append(node)
    last = next(node for node in reversed(nodes) if node.op_type == "LayerNormalization").output[0]
    shape = helper.make_tensor_value_info(last, onnx.TensorProto.FLOAT, ["n", "length", 384])
    needed = _needed(nodes, last)
    read = {name for node in needed for name in node.input}
    kept = [one for one in constants if one.name in read]
    whole = helper.make_graph(needed, "plain", graph.input, [shape], kept)
    onnx.save(helper.make_model(whole, opset_imports=model.opset_import, ir_version=model.ir_version), str(path))


def _needed(nodes: Sequence[Any], output: str) -> list[Any]:
    """The nodes that ``output`` rests on, in their order."""
    wanted, kept = {output}, []
    for node in reversed(nodes):
        if wanted & set(node.output):
            wanted |= set(node.input)
            kept.append(node)
    return kept[::-1]


def pieces(file: Path, folder: Path) -> list[Piece]:
    """Each article as ingest will read and split it."""
    with Archive.open(folder) as archive:
        store = archive._store
        read = sources.read(str(file), options=Options(), memory=store.register)
        prepared = [store.prepare(one) for one in read if isinstance(one, Reading)]
        return [
            Piece(len(one.article.text), one.article.text, dict(zip(one.keys, store.embedded(one), strict=True)))
            for one in prepared
        ]


def plain_ingest(texts: list[str], embeddings: Embeddings) -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Chroma.from_texts(texts, embeddings, persist_directory=folder, collection_metadata={"hnsw:space": "cosine"})


def split_plainly(chosen: Sequence[Piece]) -> list[str]:
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    return [part for one in chosen for part in splitter.split_text(one.text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, help="take this many, evenly spaced; all of them without")
    parser.add_argument("--baseline", type=int, default=80, help="articles of the plain ingest")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        measure(Path(folder), asked.data, asked.articles, asked.baseline)


def _spaced(rows: list[Any], count: int | None) -> list[Any]:
    count = min(count or len(rows), len(rows))
    return [rows[place * len(rows) // count] for place in range(count)]


def measure(folder: Path, data: Path, articles: int | None, baseline: int) -> None:
    with gzip.open(data / "news_articles_2023.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = _spaced(list(lines), articles)
    file = folder / "articles.jsonl"
    file.write_text("".join(rows), encoding="utf-8")
    found = pieces(file, folder / "split")
    texts = list({key: text for one in found for key, text in one.passages.items()}.values())
    characters = sum(one.characters for one in found)
    chosen = _spaced(found, baseline)
    in_32_bits(folder / "plain.onnx")
    plain, embedder = Plain(folder / "plain.onnx"), BundledEmbedder()
    _agree(plain, embedder, texts)
    print(f"{len(found)} articles, {len(texts)} different passages, {characters} characters", flush=True)

    own, chunked, same = Clock(), Clock(), Clock()

    def half(number: int) -> None:
        mine, part = texts[number::2], chosen[number::2]
        ours = [text for one in part for text in one.passages.values()]
        own.time(len(mine), lambda: embedder.embed(mine))
        chunked.time(sum(one.characters for one in part), lambda: plain_ingest(split_plainly(part), plain))
        same.time(len(ours), lambda: plain_ingest(ours, plain))

    first, again = Clock(), []
    half(0)
    with Archive.open(folder / "archive") as archive:
        first.time(len(texts), lambda: print(_counts(archive, file)))
    for _ in range(AGAIN):
        with Archive.open(folder / "archive") as archive:
            clock = Clock()
            clock.time(1, lambda archive=archive: archive.ingest([file]))
            again.append(clock.seconds)
    half(1)
    _print(own, first, float(np.median(again)), chunked, same, characters, len(chosen))


def _counts(archive: Archive, file: Path) -> str:
    report = archive.ingest([file])
    return f"added {report.added}, updated {report.updated}, skipped {report.skipped}, failed {len(report.failed)}"


def _agree(plain: Plain, embedder: BundledEmbedder, texts: list[str]) -> None:
    """The plain model must be the same model: 8-bit activations are all that differs."""
    some = texts[:BATCH]
    worst = float((np.array(plain.embed_documents(some)) * embedder.embed(some)).sum(axis=1).min())
    if worst < 0.98:
        raise SystemExit(f"The 32-bit model is another one: a cosine of {worst:.3f} to the bundled model.")


def _print(
    own: Clock, first: Clock, again: float, chunked: Clock, same: Clock, characters: int, articles: int
) -> None:
    by_character = characters / first.seconds
    sample = f"({articles} articles, fp32 padded to {PADDED})"
    print(f"embedder alone       {own.rate:7.1f} passages/s")
    print(
        f"ingest               {first.rate:7.1f} passages/s: {first.rate / own.rate:.1%} of the embedder's own rate"
    )
    print(f"plain, own passages  {chunked.rate:7.0f} characters/s, ingest {by_character:.0f}", end=": ")
    print(f"{by_character / chunked.rate:.1f} times as fast {sample}")
    print(f"plain, our passages  {same.rate:7.1f} passages/s, ingest {first.rate:.1f}", end=": ")
    print(f"{first.rate / same.rate:.1f} times as fast {sample}")
    print(f"ingest               {first.seconds:7.1f} s, of it unchanged {again:.3f} s", end=": ")
    print(f"{first.seconds / again:.0f} times as fast")


if __name__ == "__main__":
    main()
