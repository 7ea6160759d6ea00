# SPDX-License-Identifier: Apache-2.0
"""What a file is by its first bytes: a document that is no XML is refused by its name, not as broken XML.

The name of the file plays no part.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from einvoice.errors import FormatError

Kind = Literal["xml", "json", "pdf", "edifact", "empty", "other"]

_BLANK: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"
_DECLARED: Final = b"<?xml"
_WIDE: Final = (b"<\0", b"\0<", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff", b"\0\0\0<", b"\x4c\x6f\xa7\x94")
"""How XML begins in UTF-16, UTF-32 and EBCDIC; whether that is accepted is for the parser to say."""

_SHOWN: Final = 20
_PDF_HEAD: Final = 1024
"""A PDF may begin with up to 1024 other bytes (ISO 32000-1, implementation note 13)."""

_SIGNS: Final = (
    (
        b"PK\x03\x04",
        "a ZIP archive (perhaps an Excel, Word or OpenDocument file); unpack it and give the invoice inside",
    ),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office file (.xls, .doc or .msg); export the invoice as XML or CSV"),
    (b"UNA", "an EDIFACT message, which is no XML; import it as EDIFACT"),
    (b"UNB+", "an EDIFACT message, which is no XML; import it as EDIFACT"),
    (b"ISA*", "an ANSI X12 message, which is no XML; convert it with --map x12"),
    (b"{\\rtf", "a rich text document"),
    (b"mapping =", "a mapping for ERP exports; give the export itself, with this file as --map"),
    (b"\x89PNG", "a PNG picture; a picture holds no electronic invoice"),
    (b"\xff\xd8\xff", "a JPEG picture; a picture holds no electronic invoice"),
    (b"II*\0", "a TIFF picture; a picture holds no electronic invoice"),
    (b"MM\0*", "a TIFF picture; a picture holds no electronic invoice"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"0\x80", "a signed message (.p7m); extract the document from its signature first"),
    (b"0\x82", "a signed message (.p7m); extract the document from its signature first"),
    (b"0\x83", "a signed message (.p7m); extract the document from its signature first"),
    (b"From ", "an e-mail; save the invoice attached to it"),
    (b"Return-Path:", "an e-mail; save the invoice attached to it"),
    (b"Received:", "an e-mail; save the invoice attached to it"),
    (b"MIME-Version:", "an e-mail; save the invoice attached to it"),
)

_EDIFACT: Final = re.compile(rb"UNA.{6}[ \t\r\n]*UNB|UNB\+", re.DOTALL)
_HTML: Final = re.compile(rb"<(?:!doctype\s+)?html\b", re.IGNORECASE)


def kind(data: bytes) -> Kind:
    """Say what a document is by its first bytes.

    Returns:
        ``xml``, ``json``, ``pdf`` and ``edifact`` are formats that an invoice can come in; ``empty`` has nothing but
        white space; everything else is ``other``, and :func:`refusal` names it.
    """
    return "xml" if data.startswith(_DECLARED) else _kind(data)  # nearly every invoice declares what it is


def _kind(data: bytes) -> Kind:
    start = data[:_PDF_HEAD].removeprefix(_BOM).lstrip(_BLANK)
    if start.startswith(b"<"):
        return "other" if _HTML.match(start) else "xml"
    if not start and not data.strip(_BLANK):
        return "empty"
    if start.startswith((b"{", b"[")) and not start.startswith(b"{\\rtf"):
        return "json"
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "pdf"
    if _EDIFACT.match(start):
        return "edifact"
    return "xml" if not start or start.startswith(_WIDE) else "other"


def refusal(data: bytes, source: str | None = None) -> FormatError:
    """Return the error that says what a document is that should have been XML.

    Args:
        data: the whole document, or at least its first 1024 bytes.
        source: its name, for the message.
    """
    return FormatError(f"this is not an XML document: it is {_describe(data)}", source=source, code="NOT_XML")


def _describe(data: bytes) -> str:
    start = data[:_PDF_HEAD].removeprefix(_BOM).lstrip(_BLANK)
    known: dict[Kind, str] = {
        "empty": "empty",
        "json": "JSON; read it as an invoice in JSON",
        "pdf": "a PDF; extract the invoice that is embedded in it, or give it where a PDF is accepted",
    }
    what = known.get(kind(data))
    if what is None and _HTML.match(start):
        what = "an HTML page, perhaps an error page that was saved in place of the invoice"
    if what is None:
        what = next((words for sign, words in _SIGNS if start.startswith(sign)), None)
    if what is None:
        what = f"something that begins with {_beginning(start)}, whereas XML begins with '<'"
    return what


def _beginning(start: bytes) -> str:
    """The first signs of a text, or the first bytes of what is none."""
    line = start.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")[:_SHOWN]
    if line and line.isprintable() and "\ufffd" not in line:
        return repr(line)
    return f"the bytes {start[:8].hex(' ')}"
