# SPDX-License-Identifier: Apache-2.0
"""The one XML parser, safe by construction.

Every document from outside is parsed here and nowhere else. There is no document type, so no entity can be declared,
no external file can be named and nothing can be expanded; XInclude and ``xsi:schemaLocation`` are never followed.
Encodings are an allow-list, and :class:`Limits` bounds what a document may cost.

Most checks cost next to nothing, because a cheap fact about the bytes proves that the exact check is not needed: a
document without ``!`` has no document type, a document of 12 kB has no text of 10 MB. The exact check runs only where
the cheap fact is not enough.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Final, NoReturn, cast

import msgspec
from lxml import etree

from einvoice.bind import magic
from einvoice.bind.xml_encoding import to_utf8
from einvoice.bind.xml_messages import explain
from einvoice.errors import EinvoiceError, XmlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_LIBXML2_TEXT: Final = 10_000_000
_LIBXML2_DEPTH: Final = 256
_MAX_DEPTH: Final = 2048
_MAX_ELEMENTS: Final = 10_000_000

_ATTACHMENTS: Final = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}
_LONG_TEXT: Final = (
    "(/descendant::*[@*[string-length() > $n] or (text()[string-length() > $n]"
    " and not(self::cbc:EmbeddedDocumentBinaryObject or self::ram:AttachmentBinaryObject))])[1]"
)

_NEAR: Final = 256
"""Bytes before a comment in which a tag is looked for."""
_FEW: Final = 6
"""Comments, and signs that may begin one, that are looked at."""
_COMMENT: Final = re.compile(rb"<!--(?:[^-]++|-(?!->))*+-->[ \t\n]*+")
_PROLOG: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\n]++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+")
_HTML_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s+html\b", re.IGNORECASE)
_NAME: Final = re.compile(rb"[^\s>/]+\s*")
_ATTRIBUTE: Final = re.compile(rb"[^\s=>/]+\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')\s*")


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a document may cost at most. A document over a limit is refused; a bad value never is refused here.

    Raises:
        EinvoiceError: a limit is set higher than the parser can keep.
    """

    bytes: int = 100_000_000
    """Bytes of the document."""
    elements: int = 5_000_000
    """Elements of the document; at most 10 million."""
    depth: int = 256
    """Elements within each other; at most 2048."""
    attributes: int = 256
    """Attributes of one element, namespace declarations included."""
    total_attributes: int = 5_000_000
    """Attributes of the document, namespace declarations included."""
    text: int = 10_000_000
    """Characters of one text or attribute; an attachment may be as long as the document."""

    def __post_init__(self) -> None:
        if self.depth > _MAX_DEPTH or self.elements > _MAX_ELEMENTS:
            raise EinvoiceError(
                f"the limits can be raised to a depth of {_MAX_DEPTH} and to {_MAX_ELEMENTS:,} elements, no further",
                code="LIMITS",
            )


DEFAULT_LIMITS: Final = Limits()


def parse(data: bytes, *, limits: Limits = DEFAULT_LIMITS, source: str | None = None, exact: bool = False) -> _Element:
    """Parse an XML document that may be hostile.

    The tree has no comments and no processing instructions. White space between elements is dropped where that
    cannot touch a text; white space inside a text is kept as it stands.

    Args:
        data: the document as it came.
        limits: what it may cost.
        source: its name, for messages.
        exact: keep the white space between elements as well, which a signature over the document covers.

    Returns:
        The root element.

    Raises:
        FormatError: it is no XML at all (a PDF, a ZIP, HTML, JSON, nothing); the message says what it is.
        XmlError: it is refused; ``code`` is ``XML_DOCTYPE``, ``XML_ENCODING``, ``XML_LIMIT`` or ``XML_SYNTAX``.
    """
    try:
        if len(data) > limits.bytes:
            _refuse_limit(f"it has {len(data):,} bytes", limits.bytes, "bytes")
        if magic.kind(data) != "xml":
            raise magic.refusal(data)
        text = to_utf8(data)
        marked = _has_markup(text)
        if marked:
            _refuse_doctype(text)
        _check_bytes(text, limits)
        keep_blanks = exact or (marked and _has_markup_in_texts(text))
        return _checked(_parse(text, limits, keep_blanks=keep_blanks), text, limits, marked=marked)
    except EinvoiceError as error:
        if source is not None:
            error.at(source)
        raise


# -------------------------------------------------------------------------------------------- checks on the bytes


def _has_markup(data: bytes) -> bool:
    """Say whether there can be comments, processing instructions, CDATA sections or a document type."""
    after = data.find(b"?>") + 2 if data[:8].removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml") else 0
    return _markup(data, b"!") >= 0 or _markup(data, b"?", after) >= 0


def _markup(data: bytes, sign: bytes, start: int = 0) -> int:
    """Say where ``<`` and a sign stand together first, or -1; few documents have the sign, and all have many tags."""
    at = start
    for _ in range(_FEW):
        at = data.find(sign, at) + 1
        if not at or (at > 1 and data.startswith(b"<", at - 2)):
            return at - 2 if at else -1
    return data.find(b"<" + sign, at)


def _has_markup_in_texts(data: bytes) -> bool:
    """Say whether markup behind the prolog can stand in a text, which dropping blanks would change then.

    A comment between elements cannot. Where there are many of them, looking at each costs more than blanks do.
    """
    at = _root_at(data)
    if _markup(data, b"?", at) >= 0:
        return True
    for _ in range(_FEW):
        start = _markup(data, b"!", at)
        if start < 0:
            return False
        comment = _COMMENT.match(data, start)
        if comment is None or _is_in_text(data, start, at := comment.end()):
            return True
    return True


def _is_in_text(data: bytes, start: int, end: int) -> bool:
    """Say whether a comment can stand beside a text, or in an element that holds nothing else but blanks.

    Args:
        data: the document.
        start: where the comment starts.
        end: where it and the blanks behind it end.
    """
    before, behind = data[max(start - _NEAR, 0) : start].rstrip(), data[end : end + 2]
    if not before.endswith(b">") or not behind.startswith(b"<"):
        return bool(behind)  # behind the last one is nothing
    if behind != b"</" or before.endswith(b"/>"):
        return False
    return not data.startswith(b"</", data.rfind(b"<", 0, start))


def _refuse_doctype(data: bytes) -> None:
    """Refuse a document type before anything in it could be read; one after the root is a syntax error anyway."""
    if b"<!DOCTYPE" not in data:
        return
    at = _root_at(data)
    if data.startswith(b"<!DOCTYPE", at):
        _refuse_doctype_at(data, at)


def _root_at(data: bytes) -> int:
    """Return where the prolog ends: behind the last comment, processing instruction and blank before anything else."""
    prolog = _PROLOG.match(data)
    return prolog.end() if prolog else 0


def _refuse_doctype_at(data: bytes, at: int) -> NoReturn:
    if _HTML_DOCTYPE.match(data, at):
        raise magic.refusal(b"<html>")
    line, column = _place(data, at)
    raise XmlError(
        "the document has a document type declaration (<!DOCTYPE ...>), which can make a reader open files or"
        " addresses; an invoice has none: ask the sender for the invoice without it",
        line=line,
        column=column,
        code="XML_DOCTYPE",
    )


def _check_bytes(data: bytes, limits: Limits) -> None:
    size = len(data)
    if size > limits.elements * 4:  # the shortest element is <a/>
        count = data.count(b"<") - data.count(b"</") - data.count(b"<!") - data.count(b"<?")
        if count > limits.elements:
            _refuse_limit(f"it has {count:,} elements", limits.elements, "elements")
    if size > limits.total_attributes * 5 and data.count(b"=") > limits.total_attributes:  # the shortest is ' a=""'
        count = sum(1 for _ in re.finditer(rb"=\s*[\"']", data))
        if count > limits.total_attributes:
            _refuse_limit(f"it has {count:,} attributes", limits.total_attributes, "total_attributes")
    if size > limits.text or data.count(b"=") > limits.attributes:  # else no comment is so long, no element has so many
        for start, end in _runs(data, 5 * limits.attributes):
            _check_tag(data, start, end, limits)


def _check_tag(data: bytes, start: int, end: int, limits: Limits) -> None:
    """Count the attributes of the tag that begins a long run, and measure comments, which the tree will not show."""
    first = data[start : start + 1]
    if first == b"?" or data.startswith(b"!--", start):
        what, opening, close = ("comment", 3, b"-->") if first == b"!" else ("processing instruction", 1, b"?>")
        closed = data.find(close, start, end)
        length = (closed if closed >= 0 else end) - start - opening
        if length > limits.text:
            _refuse_limit(f"a {what} has {length:,} bytes", limits.text, "text", _place(data, start))
    elif first not in {b"!", b"/"} and data.count(b"=", start, end) > limits.attributes:
        match, count = _NAME.match(data, start, end), 0
        while match and count <= limits.attributes:
            match = _ATTRIBUTE.match(data, match.end(), end)
            count += match is not None
        if count > limits.attributes:
            _refuse_limit("an element has more attributes", limits.attributes, "attributes", _place(data, start))


def _runs(data: bytes, width: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between two ``<`` that have ``width`` bytes or more; a start tag lies within one stretch.

    A look at every half width is enough: a stretch of that length covers one of these windows wholly.
    """
    step = max(width // 2, 1)
    at = 0
    while at + step <= len(data):
        if data.find(b"<", at, at + step) >= 0:
            at += step
            continue
        start = data.rfind(b"<", 0, at) + 1
        end = data.find(b"<", at + step)
        end = len(data) if end < 0 else end
        if end - start >= width:
            yield start, end
        at = end


# ------------------------------------------------------------------------------------------------- bytes to a tree


class _Parsers(threading.local):
    """The parsers of one thread: making one costs as much as parsing a small document."""

    def __init__(self) -> None:
        self.made: dict[tuple[bool, bool], etree.XMLParser] = {}

    def get(self, *, keep_blanks: bool, huge: bool) -> etree.XMLParser:
        parser = self.made.get((keep_blanks, huge))
        if parser is None:
            parser = etree.XMLParser(
                encoding="utf-8",  # what to_utf8 made of the document, whatever its declaration says
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                dtd_validation=False,
                remove_comments=True,
                remove_pis=True,
                remove_blank_text=not keep_blanks,
                huge_tree=huge,
                collect_ids=False,
            )
            self.made[keep_blanks, huge] = parser
        return parser


_PARSERS: Final = _Parsers()


def _parse(data: bytes, limits: Limits, *, keep_blanks: bool) -> _Element:
    # libxml2's own limits (depth 256, texts of 10 MB) are right for most documents; a larger one is parsed without
    # them and measured afterwards. Without a document type the limits on entities have nothing to guard.
    huge = len(data) > _LIBXML2_TEXT or limits.depth > _LIBXML2_DEPTH
    try:
        return etree.fromstring(data, _PARSERS.get(keep_blanks=keep_blanks, huge=huge))
    except etree.XMLSyntaxError as error:
        raise explain(error, data) from None


def _checked(root: _Element, data: bytes, limits: Limits, *, marked: bool) -> _Element:
    # It cannot have a document type as long as _refuse_doctype sees what libxml2 sees; without markup, nothing is one.
    if marked and root.getroottree().docinfo.internalDTD is not None:
        _refuse_doctype_at(data, max(data.find(b"<!DOCTYPE"), 0))
    if (limits.depth != _LIBXML2_DEPTH or len(data) > _LIBXML2_TEXT) and _deeper(limits.depth)(root):
        _refuse_limit("its elements stand more levels deep within each other", limits.depth, "depth")
    if len(data) > limits.text and (marked or any(_runs(data, limits.text))):
        for long in cast("list[_Element]", _long_text()(root, n=limits.text)):  # what this path finds is an element
            _refuse_limit(
                f"a text in element {etree.QName(long).localname} has more characters",
                limits.text,
                "text",
                (cast("int | None", long.sourceline) or 1, 1),
            )
    return root


@cache
def _deeper(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")


@cache
def _long_text() -> etree.XPath:
    return etree.XPath(_LONG_TEXT, namespaces=_ATTACHMENTS)


# --------------------------------------------------------------------------------------------------------- refusals


def _place(data: bytes, at: int) -> tuple[int, int]:
    """Return line and column, both from 1, of an offset into UTF-8 bytes."""
    start = data.rfind(b"\n", 0, at) + 1
    return data.count(b"\n", 0, at) + 1, len(data[start:at].decode("utf-8", "replace")) + 1


def _refuse_limit(what: str, limit: int, name: str, place: tuple[int, int] | None = None) -> NoReturn:
    line, column = place or (None, None)
    raise XmlError(
        f"the document is refused: {what}, and at most {limit:,} are allowed;"
        f" if it is in order, raise the limit {name!r}",
        line=line,
        column=column,
        code="XML_LIMIT",
    )
