"""Exports written to files: whole or not at all, in place of what was there."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from rag.errors import GroundwireError
from ui.exports.exported import exported
from ui.text.blocks import Result
from ui.text.forms import form_of


def check(file: str) -> None:
    """Refuse a file that cannot be written, before anything is computed for it.

    Raises:
        UsageError: its suffix names no form.
        GroundwireError: its folder is missing, or it is a folder itself.
    """
    form_of(file)
    folder = os.path.dirname(file)
    if os.path.isdir(file):
        raise GroundwireError(f"Cannot write '{file}': it is a folder. Name a file in it.")
    if folder and not os.path.isdir(folder):
        raise GroundwireError(f"Cannot write '{file}': there is no folder '{folder}'. Make it first.")


def export(result: Result, file: str) -> None:
    """Write a result in the form that the file's suffix names.

    Raises:
        GroundwireError: the file cannot be written; what was there stays.
    """
    text = exported(result, form_of(file))
    path = Path(os.path.realpath(file))
    part = path.with_name(f".{uuid4().hex}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise GroundwireError(f"Cannot write '{file}': {error.strerror}. Choose another place.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
