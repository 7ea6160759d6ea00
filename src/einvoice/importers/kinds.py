# SPDX-License-Identifier: Apache-2.0
"""What an export is by its first bytes, for whoever gives it to a mapping of another format.

Asked only once reading it failed: a table may begin with any sign.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from einvoice.bind import magic
from einvoice.errors import MappingError
from einvoice.importers.presets import preset_names

if TYPE_CHECKING:
    from einvoice.importers.mapping import ErpMapping

_NAMES: Final = {
    "csv": "a table in text (CSV)",
    "xlsx": "a spreadsheet",
    "json": "JSON",
    "xml": "XML",
    "edifact": "EDIFACT",
    "x12": "ANSI X12",
    "pdf": "a PDF",
}
_SIGNS: Final = ((b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xlsx"), (b"ISA*", "x12"))
_WIDE: Final = (  # that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OBJECTS: Final = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
"""How JSON begins that could be an export, and a table does not."""
_MARKUP: Final = re.compile(rb"<[?!]|</|/>|xmlns")
"""What stands in XML, and in no table that begins with ``<``."""
_SEPARATORS: Final = (b";", b",", b"\t", b"|")
_HEAD: Final = 4_096
_PRESET: Final = "preset "


def mistaken(data: bytes, mapping: ErpMapping, file: str) -> MappingError | None:
    """The error that says that an export is in another format than the mapping reads.

    Args:
        data: the export.
        mapping: the mapping that could not read it.
        file: its name, for the message.

    Returns:
        The error; ``None`` if it is in that format, or in none that is known.
    """
    wanted, found = mapping.source.format, kind_of(data)
    if not found or found == wanted or (wanted == "csv" and _may_be_a_table(data, found)):
        return None
    message = f"this is {_NAMES[found]}, and the mapping reads {_NAMES[wanted]}: {_way_out(found, mapping)}"
    return MappingError(message, source=file, code="SOURCE_FORMAT")


def kind_of(data: bytes) -> str:
    """The format of an export as a mapping names it, or ``pdf``; empty if it is not known.

    Args:
        data: the export.
    """
    for sign, name in _SIGNS:
        if data.startswith(sign):
            return name
    text = _as_utf8(data)
    kind = magic.kind(text)
    if kind in _NAMES:
        return kind
    head = text[:_HEAD].partition(b"\n")[0]
    return "csv" if b"\0" not in head and any(head.count(sign) > 1 for sign in _SEPARATORS) else ""


def _as_utf8(data: bytes) -> bytes:
    """The beginning of an export whose byte order mark says that it is in UTF-16 or UTF-32; any other as it is."""
    for mark, encoding in _WIDE:
        if data.startswith(mark):
            return data[len(mark) : len(mark) + _HEAD].decode(encoding, "ignore").encode("utf-8", "ignore")
    return data


def _may_be_a_table(data: bytes, found: str) -> bool:
    """Whether what begins as JSON or XML does is a table all the same: ``[No];Date`` or ``<No>;Date``."""
    text = _as_utf8(data)[:_HEAD].removeprefix(codecs.BOM_UTF8)
    if found == "json":
        return not _OBJECTS.match(text)
    line = text.lstrip().partition(b"\n")[0]
    return found == "xml" and not _MARKUP.search(text) and any(sign in line for sign in _SEPARATORS)


def _way_out(found: str, mapping: ErpMapping) -> str:
    if found == "pdf":
        return "export the invoices as data, in a format that a mapping can read"
    preset = mapping.file.removeprefix(_PRESET)
    family = preset.partition("-")[0]
    sibling = f"{family}-{found}" if found in ("csv", "xlsx") else family
    if mapping.file.startswith(_PRESET) and sibling != preset and sibling in preset_names():
        return f"there is --map {sibling} for that"
    general = f", or --map {found} to begin with" if found in preset_names() else ""
    return f'export in that format, or use a mapping with format = "{found}" in [source]{general}'
