# SPDX-License-Identifier: Apache-2.0
"""What the user named as input, as a list of documents in input order, and their bytes."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from einvoice.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STDIN: Final = "-"
INVOICES: Final = frozenset({".xml", ".json", ".pdf", ".edi", ".edifact"})
"""What counts as an invoice when a folder is walked; a file that is named is taken whatever it is called."""


def expand(paths: Iterable[str], *, files_from: str | None = None, every_file: bool = False) -> list[str]:
    """The documents that the user asked for, in input order.

    Args:
        paths: files, folders (walked in alphabetical order; hidden files, pipes, sockets and devices left out) and
            ``-`` for standard input.
        files_from: a file that lists further paths, one a line; ``-`` for standard input.
        every_file: whether any file of a folder counts, not only XML, JSON, PDF and EDIFACT.

    Raises:
        InputError: the list cannot be read, or a folder holds nothing that could be an invoice.
    """
    found: list[str] = []
    for path in [*paths, *(_listed(files_from) if files_from is not None else ())]:
        found += _walked(path, every_file=every_file) if path != STDIN and Path(path).is_dir() else [path]
    return found


def stem(source: str) -> str:
    """The name of a source without folder and last suffix: what its output is called after."""
    return "stdin" if source == STDIN else Path(source).stem or "invoice"


def read_bytes(source: str, *, limit: int) -> bytes:
    """The content of a document.

    Args:
        source: a path, or ``-`` for standard input.
        limit: the number of bytes that are read at most.

    Raises:
        InputError: it does not exist, cannot be read (``NOT_READ``) or is larger than the limit (``TOO_LARGE``).
    """
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be read: {reason}", source=source, code="NOT_READ") from error
    if len(data) > limit:
        raise InputError(
            f"is larger than the {limit:,} bytes that are allowed; raise EINVOICE_LIMIT_BYTES if it is to be trusted",
            source=source,
            code="TOO_LARGE",
        )
    return data


def _listed(files_from: str) -> list[str]:
    text = os.fsdecode(read_bytes(files_from, limit=100_000_000)).removeprefix("\ufeff")
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def _walked(folder: str, *, every_file: bool) -> list[str]:
    found = list(_files(folder, every_file=every_file))
    if not found:
        what = "file" if every_file else "XML, JSON, PDF or EDIFACT file"
        raise InputError(f"this folder holds no {what}", source=folder, code="EMPTY_FOLDER")
    return found


def _files(folder: str, *, every_file: bool) -> Iterator[str]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or not (every_file or Path(name).suffix.lower() in INVOICES):
                continue
            path = os.path.join(root, name)  # noqa: PTH118 - keeps './' and the like as the user wrote them
            if not _is_special(path):
                yield path


def _is_special(path: str) -> bool:
    """Whether it is a pipe, a socket or a device: to open one may take for ever, or do something."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - once a file of a folder
    except OSError:  # such as a link that leads nowhere: reading it will say so
        return False
    return not stat.S_ISREG(mode)
