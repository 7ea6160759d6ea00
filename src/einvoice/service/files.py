# SPDX-License-Identifier: Apache-2.0
"""Where a result is written and under which name: a contract that scripts rely on.

A name is the source's stem and a suffix that says the format. A name that is taken in the same run gets ``-2``,
``-3`` ... in input order. A file that was there before is overwritten only when that was asked for. Every file is
written beside its target, forced to disk and renamed, so that nobody ever sees half of it.
"""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from pathlib import Path
from typing import Final

from einvoice.errors import OutputError

SUFFIXES: Final = {"ubl": ".ubl.xml", "cii": ".cii.xml", "facturx": ".pdf", "json": ".json", "edifact": ".edi"}
"""What a target of ``convert`` is called on disk."""

_LONGEST: Final = 120
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def sanitised(number: str) -> str:
    """A file name that a number from an invoice can safely become.

    Letters, digits, dots, hyphens and underscores stay; every other run of characters becomes one hyphen, so that
    ``RE/2026 001`` is ``RE-2026-001`` and no number can lead out of a folder, hide itself or name a device.

    Args:
        number: such as an invoice number (BT-1).

    Returns:
        The name without suffix; empty if nothing of the number can stay.
    """
    text = unicodedata.normalize("NFC", number)
    kept = "".join(char if char.isalnum() or char in "._-" else " " for char in text)
    name = re.sub(r" +", "-", kept.strip()).strip(".-")[:_LONGEST].rstrip(".-")
    return f"_{name}" if _DEVICES.fullmatch(name) else name


class Target:
    """Where the results of one run go.

    Args:
        output: what ``-o`` says: a folder if it exists as one, ends in a slash or there are several documents, else
            a file; ``None`` for the current folder.
        several: whether there are several documents.
        force: whether files that exist already may be overwritten.
    """

    def __init__(self, output: str | None, *, several: bool, force: bool = False) -> None:
        folder = output is None or several or output.endswith(("/", os.sep)) or Path(output).is_dir()
        self.folder = Path(output or ".") if folder else None
        self.file = None if folder else Path(str(output))
        self.force = force
        self._taken: set[str] = set()

    def name(self, stem: str, suffix: str) -> Path:
        """The absolute path for the next result, and take it.

        Args:
            stem: the name without suffix.
            suffix: with its dot, such as ``.ubl.xml``.
        """
        if self.file is not None:
            return self.file.absolute()
        folder = (self.folder or Path()).absolute()
        count = 1
        path = folder / f"{stem}{suffix}"
        while os.path.normcase(path) in self._taken:
            count += 1
            path = folder / f"{stem}-{count}{suffix}"
        self._taken.add(os.path.normcase(path))
        return path

    def write(self, stem: str, suffix: str, data: bytes) -> Path:
        """Write a result under the next free name of this run.

        Args:
            stem: the name without suffix.
            suffix: with its dot.
            data: what to write.

        Returns:
            The absolute path.

        Raises:
            OutputError: the file exists and may not be overwritten, or it cannot be written.
        """
        path = self.name(stem, suffix)
        write_file(path, data, force=self.force)
        return path


def write_file(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file so that it is there in full or not at all.

    Args:
        path: the file; its folder is made if it is missing. A device or pipe is written to directly.
        data: its content.
        force: whether a file that exists may be replaced.

    Raises:
        OutputError: it exists and may not be replaced (``EXISTS``), or it cannot be written (``NOT_WRITTEN``).
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_bytes(data)
            return
        if not force and path.exists():
            raise _exists(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, data, force=force)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot be written: {reason}", source=str(path), code="NOT_WRITTEN") from error


def _exists(path: Path) -> OutputError:
    return OutputError("exists already; use --force to overwrite it", source=str(path), code="EXISTS")


def _put(path: Path, data: bytes, *, force: bool) -> None:
    beside = path.with_name(f".{path.name[:_LONGEST]}.{os.urandom(4).hex()}.tmp")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _rename(beside, path, force=force)
    finally:
        beside.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not every system lets a folder be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _rename(beside: Path, path: Path, *, force: bool) -> None:
    if force:
        beside.replace(path)
        return
    try:
        path.hardlink_to(beside)  # unlike a rename, this fails if somebody was faster
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise _exists(path) from None
        beside.replace(path)
