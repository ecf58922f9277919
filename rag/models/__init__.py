"""The files the package ships because nothing may be downloaded: found, and checked against their hashes."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from rag.errors import BundleError

MODEL = "minilm/model.onnx"
TOKENIZER = "minilm/tokenizer.json"
READER = "reader/model.onnx"
# tiktoken looks for its ranks under this name: the SHA-1 of the address it would download them from.
RANKS = "o200k_base/fb374d419588a4632f3f557e76b4b70aebbca790"

HASHES = {
    MODEL: "c97594fd9f3288214e9e18fa536622ea33ce3df4f25429142fe4f154a5835b3d",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    READER: "1ad360fc8ddfe4ceb5bf09c441cba15ef6f2ff12299dcccb74fce38d9bea300b",
    RANKS: "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
}
"""SHA-256 of every bundled file; the recipes beside the files rebuild them byte for byte."""


@cache
def bundled(name: str, *, folder: Path | None = None) -> Path:
    """The path of a bundled file whose content is what was shipped; read and checked once per process."""
    path = (folder or Path(str(files(__name__)))) / name
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BundleError(f"Cannot read the bundled file {path}: {error.strerror}. Reinstall groundwire.") from error
    if found != HASHES[name]:
        raise BundleError(
            f"The bundled file {path} was altered: its SHA-256 is {found[:8]}…, not {HASHES[name][:8]}…. "
            "Reinstall groundwire."
        )
    return path
