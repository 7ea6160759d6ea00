# SPDX-License-Identifier: Apache-2.0
"""Who stands behind the numbers (GLN) of an EDI message, from a CSV file beside the mapping.

A list of trading partners changes more often than a mapping, and grows longer than anyone wants to write as TOML.
The file is named by ``parties_from`` in ``[source]``: a plain name, so that a mapping reads nothing but its neighbour.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import structs

from einvoice.errors import MappingError
from einvoice.importers.csv import read_table
from einvoice.importers.declaration import Party, Source, convert
from einvoice.importers.wording import nearest, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from einvoice.importers.origin import Record

NUMBER: Final = "number"
COLUMNS: Final = (NUMBER, *Party.__struct_fields__)
MAX_BYTES: Final = 10_000_000


class ListedParty(Party, frozen=True):
    """A party of such a file."""

    place: str = ""


def beside(source: Source, file: str, folder: Path | None) -> Path | None:
    """The file that a mapping names beside itself; ``None`` if it names none.

    Args:
        source: what the mapping says.
        file: the mapping, for messages.
        folder: where it lies; ``None`` if it is no file.

    Raises:
        MappingError: the name leads elsewhere, or there is no folder to look in.
    """
    name = source.parties_from
    if name is None:
        return None
    if not name or name != Path(name).name or "\\" in name or name in {".", ".."}:
        message = f"key 'source.parties_from': {shown(name)} is no plain file name; put the file beside the mapping"
        raise MappingError(message, source=file, code="MAPPING_KEY")
    if folder is None:
        message = "key 'source.parties_from': nothing lies beside a mapping that is no file; write [source.parties]"
        raise MappingError(message, source=file, code="MAPPING_KEY")
    return folder / name


def with_parties(source: Source, path: Path, file: str) -> Source:
    """What a mapping says of its source, with the parties of the file beside it.

    Args:
        source: what the mapping says.
        path: the file beside it.
        file: the mapping, for messages.

    Raises:
        MappingError: the file cannot be read or used, or says a number that the mapping says already; the message names
            the row.
    """
    listed: dict[str, ListedParty] = {}
    for number, party in _read(path, file):
        known = listed.get(number)
        if known is not None or number in source.parties:
            where = known.place if known is not None else f"[source.parties.{number}] of {file}"
            row = party.place.rpartition(", ")[2]
            message = f"{row}: the number {shown(number)} stands in {where} too; keep one of them"
            raise MappingError(message, source=str(path), code="MAPPING_PARTIES")
        listed[number] = party
    return structs.replace(source, parties={**source.parties, **listed})


def _read(path: Path, file: str) -> list[tuple[str, ListedParty]]:
    name = str(path)
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"the list of parties that {file} names (key 'source.parties_from') cannot be read: {reason}"
        raise MappingError(message, source=name) from error
    if len(data) > MAX_BYTES:
        raise MappingError(f"a list of parties has at most {MAX_BYTES} bytes", source=name, code="MAPPING_SIZE")
    table = read_table(data, Source(), (NUMBER, "name"), name)
    columns = _columns(table.headers, name)
    return [_party(row, columns, name) for row in table.rows()]


def _columns(headers: Sequence[str], file: str) -> list[str]:
    """The fields that the columns are; each once, and those that cannot be left out."""
    columns = ["number" if header.casefold() == "gln" else header.casefold() for header in headers]
    for at, column in enumerate(columns):
        if column not in COLUMNS or column in columns[:at]:
            what = "stands twice" if column in COLUMNS else f"is not known{nearest(column, COLUMNS)}"
            message = f"the column {shown(headers[at])} {what}; there are {', '.join(COLUMNS)}"
            raise MappingError(message, source=file, line=1, column=at + 1, code="MAPPING_PARTIES")
    for needed in (NUMBER, "name"):
        if needed not in columns:
            raise MappingError(f"there is no column {needed!r}", source=file, line=1, code="MAPPING_PARTIES")
    return columns


def _party(row: Record, columns: Sequence[str], file: str) -> tuple[str, ListedParty]:
    said = {column: cell.strip() for column, cell in zip(columns, row.cells, strict=True) if cell.strip()}
    number = said.pop(NUMBER, "")
    if not number or "name" not in said:
        missing = "name" if number else NUMBER
        message = f"row {row.row}: the column {missing!r} is empty"
        raise MappingError(message, source=file, line=row.line, code="MAPPING_PARTIES")
    party = convert(said, Party, file, f"row {row.row}")
    return number, ListedParty(**structs.asdict(party), place=f"{file}, row {row.row}")
