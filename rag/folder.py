"""The folder of an archive: is it one, and can it become one."""

from __future__ import annotations

from pathlib import Path

from rag.errors import ArchiveError
from rag.history import FILE

_BEGUN = ("write.lock", "open.lock", "catalogue.sqlite3", FILE)
"""What is in a folder where another process is just beginning an archive, or where only readers' history is left."""


def check_folder(folder: Path, *, create: bool) -> None:
    """Refuse a folder that is no archive and cannot become one; make it where it may.

    Raises:
        ArchiveError: with what is in the way.
    """
    held = folder / "catalogue.sqlite3"
    empty = held.exists() and not held.stat().st_size
    if folder.exists() and not folder.is_dir():
        raise ArchiveError(f"'{folder}' is a file, not an archive's folder. Choose another --archive.")
    if empty and any(folder.glob("vectors*")):
        raise ArchiveError(f"'{held}' is empty, though articles were here. Restore it from a backup.")
    if held.exists() and (create or not empty):
        return
    if not create:
        raise ArchiveError(
            f"There is no archive in '{folder}'. Make one with: groundwire ingest PATH --archive '{folder}'"
        )
    if folder.exists() and any(not entry.name.startswith(_BEGUN) for entry in folder.iterdir()):
        raise ArchiveError(f"'{folder}' holds other files and is no archive. Choose an empty or new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "write.lock").touch()
    except OSError as error:
        raise ArchiveError(f"'{folder}' cannot be written ({error.strerror}). Choose another --archive.") from error
