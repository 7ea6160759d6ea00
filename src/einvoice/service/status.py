# SPDX-License-Identifier: Apache-2.0
"""The exit status of a run, which scripts decide by."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

from einvoice.errors import EinvoiceError, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(IntEnum):
    """What became of a document, or of a run."""

    DONE = 0
    """Done, and valid where that was the question."""
    FATAL = 1
    """Fatal findings, or losses where none were allowed."""
    USAGE = 2
    """The command was used wrongly."""
    UNREADABLE = 3
    """An input cannot be read."""
    UNDETERMINED = 4
    """The question could not be answered."""


_ORDER: Final = (Status.UNREADABLE, Status.FATAL, Status.USAGE, Status.UNDETERMINED)

_WHERE_TO: Final = frozenset({"EXISTS", "NOT_WRITTEN"})
"""Codes of output errors that the user's command is to blame for, and not the invoice."""

_SETTINGS: Final = "SETTINGS"
"""The code of what the settings are to blame for: how a command is used, and no input that it works on."""


def overall(each: Iterable[Status]) -> Status:
    """The status of a run over several documents: the first that applies of 3, 1, (2,) 4, 0.

    Args:
        each: the status of each document.
    """
    seen = set(each)
    return next((status for status in _ORDER if status in seen), Status.DONE)


def status_of(error: EinvoiceError) -> Status:
    """The status that an error stands for.

    Args:
        error: any error of einvoice.
    """
    if error.code == _SETTINGS:
        return Status.USAGE
    if isinstance(error, InputError):
        return Status.UNREADABLE
    if isinstance(error, OutputError) and error.code not in _WHERE_TO:
        return Status.FATAL
    return Status.USAGE
