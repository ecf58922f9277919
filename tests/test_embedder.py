"""Embedders: the bundled model against the original's numbers, and a provider behind a real local server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from pytest_httpserver import HTTPServer

from rag.embedder import BundledEmbedder, LangChainEmbedder, Vectors, open_embedder
from rag.errors import ModelError
from rag.models import MODEL
from rag.networks import Network

PLANT = "The aviation plant is named after the cosmonaut Yuri Gagarin."
WHO = "Who is the aviation plant named after?"
RAIN = "It rained all week in the harbour town."
# Worked out from the original 32-bit weights with PyTorch: the first numbers of each vector, and the similarities.
FIRST = {
    PLANT: [-0.0315, -0.016, -0.0811, 0.0922, -0.0026, -0.0147, 0.0747, -0.005],
    WHO: [0.0425, 0.055, -0.0928, 0.0631, -0.0135, -0.0072, 0.0545, -0.0286],
    RAIN: [0.0317, 0.0555, 0.0755, 0.0582, 0.0788, -0.0073, -0.0469, -0.0414],
}
SIMILAR = {(PLANT, WHO): 0.7394, (PLANT, RAIN): 0.0666, (WHO, RAIN): 0.1484}

BUNDLED = BundledEmbedder()
NASTY = st.text(st.characters(), max_size=300)
"""Includes lone surrogates, NUL, combining marks."""


@pytest.mark.parametrize("text", FIRST)
def test_vectors_start_as_the_original_models(text: str) -> None:
    assert BUNDLED.embed([text])[0][:8] == pytest.approx(FIRST[text], abs=0.02)


@pytest.mark.parametrize(("left", "right"), SIMILAR)
def test_similarities_are_the_original_models(left: str, right: str) -> None:
    one, other = BUNDLED.embed([left, right])
    assert float(one @ other) == pytest.approx(SIMILAR[left, right], abs=0.02)


def test_order_of_texts_is_kept_whatever_their_lengths() -> None:
    texts = [f"{RAIN} " * (number % 7 + 1) + f"Part {number}." for number in range(30)]
    backwards = BUNDLED.embed(texts[::-1])[::-1]
    assert np.array_equal(BUNDLED.embed(texts), backwards)


def test_vector_of_a_text_is_the_same_to_the_bit_whatever_stands_beside_it() -> None:
    texts = [f"{WHO} {RAIN} Part {number}." for number in range(10, 40)]
    together = BUNDLED.embed([*texts, PLANT * 5, "!"])
    assert all(np.array_equal(BUNDLED.embed([text])[0], row) for text, row in zip(texts, together, strict=False))


def test_vectors_are_the_same_to_the_bit_whichever_thread_makes_them() -> None:
    texts = [f"{RAIN} " * (number % 9 + 1) + f"Part {number}." for number in range(60)]
    first = BUNDLED.embed(texts)
    assert all(np.array_equal(BUNDLED.embed(texts), first) for _ in range(5))


class Watched(Network):
    """Notes the lengths of the texts it runs, and fails where told to."""

    def __init__(self, *, failing: int = 0) -> None:
        super().__init__(MODEL)
        self.lengths: list[int] = []
        self.failing = failing

    def run_one(self, text: Sequence[int], second: int | None) -> Vectors:
        self.lengths.append(len(text))
        if len(self.lengths) == self.failing:
            raise KeyboardInterrupt
        return super().run_one(text, second)


def test_long_texts_are_run_first() -> None:
    watched = Watched()
    BundledEmbedder(watched).embed(["rain " * number for number in (3, 90, 1, 40)])
    assert max(watched.lengths) in watched.lengths[:4], "as many are begun at once as there are workers"


def test_equal_texts_are_embedded_once() -> None:
    watched = Watched()
    embedder = BundledEmbedder(watched)
    rows = embedder.embed([RAIN, WHO, RAIN, RAIN])
    assert len(watched.lengths) == 2
    assert np.array_equal(rows[0], rows[2])
    assert np.array_equal(rows, embedder.embed([RAIN, WHO])[[0, 1, 0, 0]])


def test_interrupt_leaves_no_text_waiting() -> None:
    watched = Watched(failing=3)
    embedder = BundledEmbedder(watched)
    with pytest.raises(KeyboardInterrupt):
        embedder.embed(["rain " * number for number in range(1, 60)])
    # Each thread finishes the text in hand at most.
    assert len(watched.lengths) <= 3 + 4
    assert np.array_equal(embedder.embed([WHO]), BUNDLED.embed([WHO]))


def test_no_texts_are_no_rows() -> None:
    assert BUNDLED.embed([]).shape == (0, 384)
    assert BUNDLED.embed([]).dtype == np.float32


def test_words_past_the_limit_are_not_read() -> None:
    kept = "rain " * BUNDLED.limit
    shorter, longer, less = BUNDLED.embed([kept, kept + "Yuri Gagarin", "rain " * (BUNDLED.limit - 1)])
    assert np.allclose(shorter, longer, atol=1e-5)
    assert not np.allclose(shorter, less, atol=1e-5)


def test_pieces_are_counted_without_the_models_own_marks_and_without_end() -> None:
    assert BUNDLED.count("") == 0
    assert BUNDLED.count("embeddings") == 4  # em ##bed ##ding ##s
    assert BUNDLED.count("hello world " * 5000) == 10_000


def test_control_words_in_an_article_are_plain_text() -> None:
    assert BUNDLED.count("[SEP]") == 3
    assert not np.allclose(*BUNDLED.embed(["[PAD] [PAD]", ""]), atol=1e-2)


def test_offsets_are_those_of_the_text_as_written() -> None:
    text = "Café\u0301 🙂 naïve 東京"
    assert [text[start:end] for start, end in BUNDLED.offsets(text)] == ["Café", "🙂", "naïve", "東", "京"]


@settings(deadline=None)
@given(NASTY)
@example("\ud83d\ude42 \ud800\x00e\u0301")
def test_offsets_lie_within_the_text_and_never_fall(text: str) -> None:
    spans = BUNDLED.offsets(text)
    assert len(spans) == BUNDLED.count(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(left[0] <= right[0] and left[1] <= right[1] for left, right in pairwise(spans))


@settings(deadline=None, max_examples=50)
@given(st.lists(NASTY, min_size=1, max_size=4))
@example(["", "\ud83d\ude42 \ud800\x00e\u0301"])
def test_any_text_has_a_vector_of_length_one(texts: list[str]) -> None:
    rows = BUNDLED.embed(texts)
    assert rows.shape == (len(texts), 384)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_threads_may_share_an_embedder_from_its_first_use() -> None:
    fresh = BundledEmbedder()
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: fresh.embed([text])[0], [PLANT, WHO, RAIN] * 4))
    assert np.allclose(rows, np.tile(BUNDLED.embed([PLANT, WHO, RAIN]), (4, 1)), atol=1e-5)


def test_counting_does_not_load_the_model() -> None:
    code = "import sys, rag.embedder as e; e.BundledEmbedder().count('a'); print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_langchain_vectors_are_scaled_to_length_one() -> None:
    embedder = LangChainEmbedder(DeterministicFakeEmbedding(size=7), name="fake:seven")
    rows = embedder.embed(["one", "two", "one"])
    assert (embedder.dimensions, rows.shape, embedder.embed([]).shape) == (7, (3, 7), (0, 7))
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)
    assert np.array_equal(rows[0], rows[2])


class Lengths(Embeddings):
    """The vector of a text is its length, and so a text's cut is seen."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0, float(len(text))] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_langchain_batches_keep_order_and_long_texts_are_cut() -> None:
    embedder = LangChainEmbedder(Lengths(), name="fake:lengths")
    rows = embedder.embed(["a" * number for number in range(1, 300)])
    assert (rows[:, 1] / rows[:, 0]).tolist() == pytest.approx(range(1, 300), rel=1e-4)
    long = embedder.embed(["word" + " word" * 900])[0]
    assert long[1] / long[0] == pytest.approx(len("word" + " word" * 499), rel=1e-3)


class Nothing(Lengths):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[0.0, 0.0] for _ in texts]


class Missing(Lengths):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[1.0]]


@pytest.mark.parametrize(
    ("embeddings", "message"), [(Nothing(), "a vector of zeros"), (Missing(), "1 vectors of lengths .1. for 2 texts")]
)
def test_senseless_vectors_are_refused(embeddings: Embeddings, message: str) -> None:
    with pytest.raises(ModelError, match=f"Embeddings 'fake:odd' sent {message}"):
        LangChainEmbedder(embeddings, name="fake:odd").embed(["one", "two"])


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> HTTPServer:
    """An OpenAI-compatible server, named by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    return httpserver


def test_compatible_server_is_sent_text_and_its_vectors_are_used(server: HTTPServer) -> None:
    data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate([[3, 4], [0, 2]])]
    server.expect_request("/v1/embeddings").respond_with_json(
        {"object": "list", "model": "small", "data": data, "usage": {"prompt_tokens": 2, "total_tokens": 2}}
    )
    embedder = open_embedder("openai:small")
    assert embedder.name == "openai:small"
    assert embedder.embed(["first", "second"]).tolist() == [pytest.approx([0.6, 0.8]), pytest.approx([0, 1])]
    assert server.log[0][0].get_json()["input"] == ["first", "second"]


def test_refusing_server_is_one_line(server: HTTPServer) -> None:
    server.expect_request("/v1/embeddings").respond_with_json({"error": {"message": "no such\nmodel"}}, status=404)
    with pytest.raises(ModelError, match=r"Embeddings 'openai:small' failed: .*404") as caught:
        open_embedder("openai:small").embed(["text"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [None, "bundled", BundledEmbedder.name])
def test_bundled_embedder_is_opened_by_its_names(name: str | None) -> None:
    assert open_embedder(name).name == BundledEmbedder.name


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("word2vec", "'word2vec' names no embeddings. Use 'bundled', or 'provider:model'"),
        ("openai:", "'openai:' names no embeddings"),
        ("nobody:small", "'nobody:small' cannot be used: Provider 'nobody' is not supported"),
        ("cohere:small", "'cohere:small' needs a package: .*pip install langchain-cohere"),
        ("openai:small", "No key for embeddings of 'openai'. Set OPENAI_API_KEY"),
    ],
)
def test_embeddings_that_cannot_be_opened_say_what_to_do(
    name: str, message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ModelError, match=message):
        open_embedder(name)
