"""A draft suite as files: the cases as JSON Lines, and a folder of the same name with the articles."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from eval.cases import REQUIRED, Case, Json, case_json
from eval.drafting.drafting import Drafts
from eval.drafting.holding import NAME, lines
from rag.errors import InputError


def check_place(file: Path) -> Path:
    """The folder for the articles; nothing that is there already is written over.

    Raises:
        InputError: the file has another ending, or it, or the folder, exists, or there is no place for it.
    """
    folder = file.with_suffix("")
    if file.suffix != ".jsonl" or file.name == ".jsonl":
        raise InputError(f"{file}: a suite is a .jsonl file; name it so, such as my-suite.jsonl.")
    for place in (file, folder):
        if place.exists():
            raise InputError(f"{place}: exists already, and is not written over; choose another --out.")
    if not file.absolute().parent.is_dir():
        raise InputError(f"{file}: no folder '{file.parent}'; make it, or choose another --out.")
    return folder


def write(file: Path, drafts: Drafts) -> None:
    """Write the suite and its articles; where that fails, neither is left behind.

    Raises:
        InputError: as ``check_place``, or the place cannot be written to.
    """
    folder = check_place(file)
    try:
        folder.mkdir()
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        (folder / NAME).write_text(lines(drafts.articles), encoding="utf-8", newline="\n")
        with file.open("x", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{json.dumps(line, ensure_ascii=False)}\n" for line in _records(file, drafts))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _unwritable(file, error) from None


def _records(file: Path, drafts: Drafts) -> Iterator[Json]:
    described = f"{len(drafts.cases)} drafted cases over {len(drafts.articles)} articles, to be checked by a person."
    yield {"suite": file.stem, "version": "1", "articles": file.stem, "description": described}
    yield from map(_record, drafts.cases)


def _record(case: Case) -> Json:
    """A case with only the keys it needs, for a person is to read and edit it."""
    record = {name: value for name, value in case_json(case).items() if name in REQUIRED or value not in (None, [])}
    if case.as_of:
        record["as_of"] = f"{case.as_of:%Y-%m-%d}"
    if case.summarize:
        asked = record["summarize"]
        record["summarize"] = {name: value for name, value in asked.items() if value not in (None, [])}
    return record


def _unwritable(place: Path, error: OSError) -> InputError:
    return InputError(f"{place}: cannot be written ({error.strerror}); choose another --out.")
