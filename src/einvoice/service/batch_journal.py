# SPDX-License-Identifier: Apache-2.0
"""The record of a batch: one line of JSON for what became of each invoice, only ever added to.

A line is written before the result that it speaks of gets its name. So whenever a run ends, each file in the folder is
in the record; and what the record promises but the folder does not hold, in its full size, is made again.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from einvoice.errors import InputError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "results.jsonl"
_AGAIN: Final = frozenset({"LOST", "DEFECT", "EXISTS", "NOT_WRITTEN", "NOT_READ"})
"""Codes of refusals that say nothing about the invoice: it is tried again."""


class Line(Struct, omit_defaults=True, kw_only=True):
    """What became of an invoice, or (without ``document``) that a source was gone through to its end.

    Attributes:
        source: the file as the user named it.
        source_sha256: the SHA-256 of its bytes.
        made_with: the SHA-256 of mapping, seller profile and options.
        document: which invoice of the source, counted from 1; 0 for the line about the source itself.
        documents: how many invoices the source holds.
        where: the rows of the source, in words.
        number: the invoice number (BT-1).
        seller: what identifies the seller: VAT number, else another number, else name.
        year: the year of the issue date (BT-2).
        digest: the SHA-256 of what the invoice says.
        status: ``done``, ``same`` (it was done already, from another place), ``refused`` or ``duplicate`` (another
            invoice of that seller, number and year was done).
        output: the file with the result, in the folder.
        size: the bytes in it.
        output_sha256: their SHA-256.
        lost: how many values the result does not carry.
        warnings: for each finding that did not keep it from being made the rule, the term, the column and an example.
        notes: sentences about the invoice as a whole.
        code: the code of the refusal.
        message: the refusal in one sentence.
        reasons: its reasons one by one.
        causes: for each reason the rule or kind of fault, the term, the column and an example.
        other: where the invoice stands that has the same seller, number and year.
        exit_status: what it contributes to the exit status.
    """

    source: str
    source_sha256: str = ""
    made_with: str = ""
    document: int = 0
    documents: int = 0
    where: str = ""
    number: str = ""
    seller: str = ""
    year: int = 0
    digest: str = ""
    status: str = ""
    output: str = ""
    size: int = 0
    output_sha256: str = ""
    lost: int = 0
    warnings: list[list[str]] = []
    notes: list[str] = []
    code: str = ""
    message: str = ""
    reasons: list[str] = []
    causes: list[list[str]] = []
    other: str = ""
    exit_status: int = 0


class Known(Struct, frozen=True, array_like=True):
    """An invoice that was done.

    Attributes:
        digest: the SHA-256 of what it says, cut to 16 bytes.
        offset: where its line begins in the record.
        made_with: the first 8 bytes of what it was made with.
    """

    digest: bytes
    offset: int
    made_with: bytes


class Sourced(Struct):
    """What is known of a source.

    Attributes:
        done: the invoices that need not be looked at again, counted from 0.
        refused: the lines of those that were refused.
        again: those that have to be tried again.
        ended: whether it was gone through to its end.
    """

    done: set[int]
    refused: dict[int, Line]
    again: set[int] = set()
    ended: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether nothing of it is left to do."""
        return self.ended and not self.again


class Journal:
    """The record of a folder.

    Args:
        folder: the folder of the results.

    Attributes:
        known: the invoices that were done, by :func:`key_of`.
        names: the files that results were given, in lower case, with the key of their invoice.

    Raises:
        OutputError: it cannot be written.
        InputError: a line of it cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / NAME
        self.known: dict[bytes, Known] = {}
        self.names: dict[str, bytes] = {}
        self.sources: dict[tuple[str, str], Sourced] = {}
        self._buffer: list[bytes] = []
        self._encoder = msgspec.json.Encoder()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._end = self._loaded()
            self._file = self.path.open("ab")
        except OSError as error:
            raise OutputError(
                f"cannot be written: {error.strerror or error}", source=str(self.path), code="NOT_WRITTEN"
            ) from error

    def _loaded(self) -> int:
        """Read what is there; a last line that was cut off is taken away."""
        if not self.path.exists():
            return 0
        sizes = {entry.name: entry.stat().st_size for entry in os.scandir(self.folder) if entry.is_file()}
        decoder, offset = msgspec.json.Decoder(Line), 0
        with self.path.open("rb") as file:
            for number, text in enumerate(file, 1):
                if not text.endswith(b"\n"):
                    break
                try:
                    self._take(decoder.decode(text), offset, sizes)
                except msgspec.DecodeError as error:
                    raise InputError(
                        f"line {number} is not as einvoice batch writes it ({error}); name another folder with -o",
                        source=str(self.path),
                        code="BATCH_RECORD",
                    ) from None
                offset += len(text)
        os.truncate(self.path, offset)
        return offset

    def _take(self, line: Line, offset: int, sizes: dict[str, int]) -> None:
        source = self.of(line.source_sha256, line.made_with)
        if not line.document:
            source.ended = True
            return
        key, place = key_of(line.seller, line.number, line.year), line.document - 1
        source.refused.pop(place, None)
        if line.output:
            self.names[line.output.casefold()] = key
        if line.code in _AGAIN or (line.output and sizes.get(line.output) != line.size):
            source.again.add(place)
            source.done.discard(place)
            return
        source.again.discard(place)
        source.done.add(place)
        if line.status == "done":
            self.remember(key, line, offset)
        elif line.status != "same":
            source.refused[place] = line

    def remember(self, key: bytes, line: Line, offset: int) -> None:
        """Note that an invoice was done.

        Args:
            key: see :func:`key_of`.
            line: its line.
            offset: where the line begins.
        """
        self.known[key] = Known(bytes.fromhex(line.digest)[:16], offset, bytes.fromhex(line.made_with)[:8])

    def of(self, sha256: str, made_with: str) -> Sourced:
        """What is known of a source.

        Args:
            sha256: that of its bytes.
            made_with: see :class:`Line`.
        """
        return self.sources.setdefault((sha256, made_with), Sourced(set(), {}, set()))

    def add(self, line: Line) -> int:
        """Add a line; :meth:`flush` writes it.

        Returns:
            Where it begins in the record.
        """
        text = self._encoder.encode(line) + b"\n"
        self._buffer.append(text)
        offset = self._end
        self._end += len(text)
        return offset

    def flush(self) -> None:
        """Hand everything added so far to the system.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            self._file.write(b"".join(self._buffer))
            self._file.flush()
        except OSError as error:
            raise OutputError(
                f"cannot be written: {error.strerror}", source=str(self.path), code="NOT_WRITTEN"
            ) from error
        self._buffer.clear()

    def at(self, offset: int) -> Line:
        """The line that begins at a place of the record."""
        self.flush()
        with self.path.open("rb") as file:
            file.seek(offset)
            return msgspec.json.decode(file.readline(), type=Line)

    def close(self) -> None:
        """Write everything, and force it to disk."""
        self.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def key_of(seller: str, number: str, year: int) -> bytes:
    """What no two invoices share: seller, number and year, as 16 bytes.

    Args:
        seller: what identifies the seller.
        number: the invoice number.
        year: the year of the issue date.
    """
    return hashlib.sha256(f"{seller}\0{number}\0{year}".encode("utf-8", "surrogatepass")).digest()[:16]
