"""MiniLM as an ONNX graph with 8-bit integer arithmetic: token ids in, unit vectors or numbers for each token out.

Written out operator by operator instead of exported from a framework, so that its bytes depend on the
weights alone.

Weights are scaled per output channel, activations per token. Scaling activations per tensor, the usual way,
would make the vector of a text depend on the texts and the padding that happen to share its batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]

LAYERS, HEADS, WIDTH = 6, 12, 384
POSITIONS = 256
"""The model was trained on texts of up to this many word pieces; later positions are left out of the file."""
WEIGHT_TOP = 63
"""7 bits of 8: processors without VNNI add two products in 16 bits, where 2 x 255 x 63 still fits."""
ACTIVATION_TOP, ACTIVATION_ZERO = 127, 128
EPSILON = 1e-12
MASKED = 1e9


def sentence_encoder(weights: Weights) -> bytes:
    """The serialised model: ``input_ids`` and ``attention_mask`` (n, length) to ``embedding`` (n, 384)."""
    graph = Graph(weights)
    mask = graph.add("Cast", "attention_mask", to=graph.types.FLOAT)
    bias = graph.add(
        "Unsqueeze",
        graph.add("Mul", graph.add("Sub", mask, graph.number(1)), graph.number(MASKED)),
        graph.integers(1, 2),
    )
    hidden = embedded(graph)
    for layer in range(LAYERS):
        hidden = encoded(graph, hidden, bias, f"encoder.layer.{layer}.")
    pooled(graph, hidden, mask)
    inputs = ["input_ids", "attention_mask"]
    return graph.serialised("all-MiniLM-L6-v2", inputs, {"embedding": ["n", WIDTH]})


def passage_reader(weights: Weights) -> bytes:
    """The serialised model: ``input_ids`` and ``token_type_ids`` (n, length) to ``reading`` (n, length, 3).

    Texts run together are of one length: there is no mask. ``head.weight`` (3, 384) and ``head.bias`` turn what
    became of each token into its three numbers.
    """
    graph = Graph(weights)
    hidden = embedded(graph, types="token_type_ids")
    for layer in range(LAYERS):
        hidden = encoded(graph, hidden, None, f"encoder.layer.{layer}.")
    weight, offset = tensors(graph, "head")
    product = graph.add("MatMul", hidden, graph.constant(weight.T))
    graph.add("Add", product, graph.constant(offset), output="reading")
    inputs = ["input_ids", "token_type_ids"]
    return graph.serialised("passage reader", inputs, {"reading": ["n", "length", len(offset)]})


class Graph:
    """Nodes and constants in the order they are added; names count up."""

    def __init__(self, weights: Weights) -> None:
        from onnx import TensorProto

        self.weights = weights
        self.types = TensorProto
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, operator: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """The name of the operator's only output."""
        return self.add_many(operator, *inputs, outputs=[output or f"v{len(self._nodes)}"], **attributes)[0]

    def add_many(self, operator: str, *inputs: str, outputs: list[str], **attributes: Any) -> list[str]:
        from onnx import helper

        self._nodes.append(helper.make_node(operator, list(inputs), outputs, **attributes))
        return outputs

    def constant(self, value: NDArray[Any]) -> str:
        from onnx import numpy_helper

        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.array(value, dtype=np.float32))

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))

    def serialised(self, name: str, inputs: Sequence[str], outputs: Mapping[str, Sequence[str | int]]) -> bytes:
        """The model's bytes; inputs are whole numbers (n, length), outputs real numbers of the shapes given."""
        from onnx import helper

        integer, real = self.types.INT64, self.types.FLOAT
        fed = [helper.make_tensor_value_info(input, integer, ["n", "length"]) for input in inputs]
        made = [helper.make_tensor_value_info(output, real, list(shape)) for output, shape in outputs.items()]
        graph = helper.make_graph(self._nodes, name, fed, made, self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
        return bytes(model.SerializeToString(deterministic=True))


def embedded(graph: Graph, types: str | None = None) -> str:
    """Word, position and type embeddings, normalised; all tokens are of the first type unless an input names them."""
    words, scales = quantised(graph.weights["embeddings.word_embeddings.weight"], top=127)
    word = graph.add("Cast", graph.add("Gather", graph.constant(words), "input_ids"), to=graph.types.FLOAT)
    word = graph.add("Mul", word, graph.add("Gather", graph.constant(scales), "input_ids"))
    kinds = graph.weights["embeddings.token_type_embeddings.weight"]
    table = graph.constant(graph.weights["embeddings.position_embeddings.weight"][:POSITIONS] + kinds[0])
    if types:
        word = graph.add("Add", word, graph.add("Gather", graph.constant(kinds - kinds[0]), types))
    length = graph.add("Shape", "input_ids", start=1, end=2)
    position = graph.add("Slice", table, graph.integers(0), length, graph.integers(0))
    return normalised(graph, graph.add("Add", word, position), "embeddings.LayerNorm")


def encoded(graph: Graph, hidden: str, bias: str | None, layer: str) -> str:
    """One transformer layer."""
    attended = linear(
        graph,
        attention(graph, hidden, bias, f"{layer}attention.self."),
        *tensors(graph, f"{layer}attention.output.dense"),
    )
    hidden = normalised(graph, graph.add("Add", attended, hidden), f"{layer}attention.output.LayerNorm")
    inner = graph.add("Gelu", linear(graph, hidden, *tensors(graph, f"{layer}intermediate.dense")))
    outer = linear(graph, inner, *tensors(graph, f"{layer}output.dense"))
    return normalised(graph, graph.add("Add", outer, hidden), f"{layer}output.LayerNorm")


def attention(graph: Graph, hidden: str, bias: str | None, part: str) -> str:
    """Every token's mixture of the tokens it attends to; the three projections are one multiplication.

    ``bias`` is added to what each token makes of each other: it hides padding.
    """
    projections = [tensors(graph, part + name) for name in ("query", "key", "value")]
    shrink = np.float32(1 / np.sqrt(WIDTH // HEADS))
    weight = np.concatenate([projections[0][0] * shrink, projections[1][0], projections[2][0]])
    offset = np.concatenate([projections[0][1] * shrink, projections[1][1], projections[2][1]])
    names = [f"{part}{name}" for name in "qkv"]
    sizes = graph.integers(WIDTH, WIDTH, WIDTH)
    query, key, value = graph.add_many("Split", linear(graph, hidden, weight, offset), sizes, outputs=names, axis=-1)
    scores = graph.add("MatMul", by_head(graph, query, [0, 2, 1, 3]), by_head(graph, key, [0, 2, 3, 1]))
    shares = graph.add("Softmax", graph.add("Add", scores, bias) if bias else scores, axis=-1)
    mixed = graph.add("MatMul", shares, by_head(graph, value, [0, 2, 1, 3]))
    return graph.add("Reshape", graph.add("Transpose", mixed, perm=[0, 2, 1, 3]), graph.integers(0, 0, WIDTH))


def by_head(graph: Graph, value: str, order: list[int]) -> str:
    """(n, length, 384) split into heads, its axes in ``order``."""
    return graph.add(
        "Transpose", graph.add("Reshape", value, graph.integers(0, 0, HEADS, WIDTH // HEADS)), perm=order
    )


def pooled(graph: Graph, hidden: str, mask: str) -> None:
    """The mean over unmasked tokens, scaled to length 1."""
    kept = graph.add("Mul", hidden, graph.add("Unsqueeze", mask, graph.integers(-1)))
    total = graph.add("ReduceSum", kept, graph.integers(1), keepdims=0)
    mean = graph.add("Div", total, graph.add("ReduceSum", mask, graph.integers(1), keepdims=1))
    graph.add("Div", mean, graph.add("ReduceL2", mean, graph.integers(1), keepdims=1), output="embedding")


def linear(graph: Graph, hidden: str, weight: NDArray[np.float32], offset: NDArray[np.float32]) -> str:
    """``hidden @ weight.T + offset``, multiplied in integers."""
    whole, scales = quantised(weight, top=WEIGHT_TOP)
    largest = graph.add("ReduceMax", graph.add("Abs", hidden), graph.integers(-1))
    largest = graph.add("Max", largest, graph.number(1e-9))
    spread = graph.add("Mul", hidden, graph.add("Div", graph.number(ACTIVATION_TOP), largest))
    zero = graph.constant(np.array(ACTIVATION_ZERO, dtype=np.uint8))
    rounded = graph.add("QuantizeLinear", spread, graph.number(1), zero)
    product = graph.add("MatMulInteger", rounded, graph.constant(whole.T), zero)
    scaled = graph.add("Mul", graph.add("Cast", product, to=graph.types.FLOAT), largest)
    scaled = graph.add("Mul", scaled, graph.constant(scales[:, 0] / np.float32(ACTIVATION_TOP)))
    return graph.add("Add", scaled, graph.constant(offset))


def quantised(matrix: NDArray[np.float32], *, top: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers up to ``top``, and the number that scales each row back."""
    scales = np.abs(matrix).max(axis=1, keepdims=True) / np.float32(top)
    return np.rint(matrix / scales).astype(np.int8), scales


def tensors(graph: Graph, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weight and bias of a dense layer."""
    return graph.weights[f"{name}.weight"], graph.weights[f"{name}.bias"]


def normalised(graph: Graph, hidden: str, name: str) -> str:
    scale, shift = (graph.constant(value) for value in tensors(graph, name))
    return graph.add("LayerNormalization", hidden, scale, shift, axis=-1, epsilon=EPSILON)
