# SPDX-License-Identifier: Apache-2.0
"""The plainest way out: a file in a folder that somebody else watches.

A document has one name whatever happens, and is there in full or not at all. The same document twice is one file.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from einvoice.transport.base import Capabilities, Inbound, Outcome, Prepared, Result, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class FolderSubmitter:
    """Writes documents into a folder.

    Attributes:
        folder: the folder; made when it is missing.
    """

    folder: Path

    @property
    def capabilities(self) -> Capabilities:
        """The same document twice is one file, and one can look whether it is there."""
        return Capabilities(idempotent=True, finds=True)

    def prepare(self, submission: Submission) -> Prepared:
        """The document as it is, under a name that tells its identifier."""
        name = f"{submission.key}-{submission.filename}"
        return Prepared(wire=submission.payload, media_type=submission.media_type, about={"name": name})

    def submit(self, submission: Submission, prepared: Prepared, *, attempt: int) -> Result:
        """Write the file beside its place, force it to disk and rename it."""
        del attempt
        target = self.folder / str(prepared.about["name"])
        beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beside.open("wb") as file:
                file.write(prepared.wire)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
            self._sync()
        except OSError as error:
            detail = f"{target}: {error.strerror or error}"
            return Result(outcome=Outcome.RETRY, code="NOT_WRITTEN", detail=detail)
        finally:
            with contextlib.suppress(OSError):  # what kept it from being written keeps it from being looked for
                beside.unlink(missing_ok=True)
        return Result(outcome=Outcome.DELIVERED, code="WRITTEN", detail=str(target), remote_id=submission.key)

    def find(self, submission: Submission) -> Result | None:
        """Look whether the file is there."""
        target = self.folder / f"{submission.key}-{submission.filename}"
        if target.is_file() and target.read_bytes() == submission.payload:
            return Result(outcome=Outcome.DELIVERED, code="WRITTEN", detail=str(target), remote_id=submission.key)
        return None

    def poll(self, remote_id: str) -> Result:
        """A file that was written is delivered."""
        return Result(outcome=Outcome.DELIVERED, remote_id=remote_id)

    def receive(self) -> Iterable[Inbound]:
        """This folder is a way out only."""
        return ()

    def acknowledge(self, inbound: Inbound) -> None:
        """Nothing comes in here."""

    def _sync(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
