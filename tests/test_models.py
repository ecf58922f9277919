"""Bundled files: found, checked, and described as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from rag.errors import BundleError
from rag.models import HASHES, MODEL, RANKS, TOKENIZER, bundled
from rag.models.minilm import build as model_recipe
from rag.models.minilm.graph import quantised
from rag.models.o200k_base import build as ranks_recipe


@pytest.mark.parametrize("name", HASHES)
def test_every_bundled_file_is_what_was_shipped(name: str) -> None:
    assert bundled(name).is_file()


@pytest.mark.parametrize("name", HASHES)
def test_notice_beside_a_file_names_its_hash_and_a_licence_lies_there(name: str) -> None:
    folder = bundled(name).parent
    row = f"| {bundled(name).name} | {HASHES[name]} |"
    assert row in (folder / "NOTICE.md").read_text().splitlines()
    assert (folder / "LICENSE").stat().st_size > 1000


def test_truncated_file_is_refused_by_name(tmp_path: Path) -> None:
    copy = tmp_path / MODEL
    copy.parent.mkdir()
    copy.write_bytes(bundled(MODEL).read_bytes()[:-1])
    with pytest.raises(BundleError, match=r"model\.onnx was altered: its SHA-256 is .{8}…, not .{8}…\. Reinstall"):
        bundled(MODEL, folder=tmp_path)


def test_one_changed_byte_is_noticed(tmp_path: Path) -> None:
    copy = tmp_path / TOKENIZER
    copy.parent.mkdir()
    content = bytearray(bundled(TOKENIZER).read_bytes())
    content[-5] ^= 1
    copy.write_bytes(content)
    with pytest.raises(BundleError, match="altered"):
        bundled(TOKENIZER, folder=tmp_path)


def test_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(
        BundleError, match=r"Cannot read the bundled file .*: No such file.*Reinstall groundwire"
    ) as caught:
        bundled(RANKS, folder=tmp_path)
    assert "\n" not in str(caught.value)


def test_intact_copy_is_accepted(tmp_path: Path) -> None:
    copy = tmp_path / TOKENIZER
    copy.parent.mkdir()
    shutil.copy(bundled(TOKENIZER), copy)
    assert bundled(TOKENIZER, folder=tmp_path) == copy


def test_ranks_recipe_numbers_the_tokens_of_each_run() -> None:
    script = 'export default {"pat_str":"x","bpe_ranks":"! 0 IQ== Ig==\\n! 7 Iw=="};'
    assert ranks_recipe.ranks(script) == b"IQ== 0\nIg== 1\nIw== 7\n"


def test_model_recipe_reads_the_float_tensors_of_a_weights_file() -> None:
    directory = b'{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"b":{"dtype":"I64","data_offsets":[0,8]}}'
    content = len(directory).to_bytes(8, "little") + directory + bytes(8) + np.array([1.5, -2], "<f4").tobytes()
    read = model_recipe.weights(content)
    assert {name: tensor.tolist() for name, tensor in read.items()} == {"a": [[1.5, -2.0]]}


def test_weights_are_rounded_to_half_a_step_of_their_own_row() -> None:
    matrix = np.array([[0.5, -1.0, 0.013], [100.0, 3.0, -50.0]], dtype=np.float32)
    whole, scales = quantised(matrix, top=63)
    assert np.abs(whole).max(axis=1).tolist() == [63, 63]
    assert (np.abs(whole * scales - matrix) <= scales / 2 + 1e-6).all()
