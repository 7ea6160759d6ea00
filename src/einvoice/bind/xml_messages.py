# SPDX-License-Identifier: Apache-2.0
"""What libxml2 says about a document that it cannot parse, in words that help whoever has to repair it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.errors import XmlError

if TYPE_CHECKING:
    from lxml.etree import XMLSyntaxError

_LIMITS: Final = (
    ("Excessive depth", "its elements stand deeper within each other than the 256 levels that are allowed"),
    ("", "a text, an attribute or a name is longer than allowed (10 MB; 50,000 characters for a name)"),
)

_CUT_OFF: Final = "the document ends too early; it was probably cut off on its way, so fetch it again"
_NAME: Final = "a '<' or '&' stands in a text or a name is not allowed; in texts write &lt; and &amp;"
_SENTENCES: Final = {
    "ERR_DOCUMENT_EMPTY": "there is no element in it",
    "ERR_DOCUMENT_END": "something follows the end of the root element; a document has one root and nothing after it",
    "ERR_INVALID_CHAR": "it holds a control character, which XML does not allow; remove it",
    "ERR_RESERVED_XML_NAME": "the declaration <?xml ...?> must be the very first thing; remove what stands before it",
    "ERR_SPACE_REQUIRED": "a blank is missing, for instance between two attributes",
    "ERR_NAME_REQUIRED": _NAME,
    "ERR_ENTITYREF_SEMICOL_MISSING": "an '&' stands in a text; write &amp;",
    "ERR_ENTITYREF_NO_NAME": "an '&' stands in a text; write &amp;",
    "ERR_UNDECLARED_ENTITY": "it uses a name such as &nbsp; that XML does not know; write the character itself",
    "WAR_UNDECLARED_ENTITY": "it uses a name such as &nbsp; that XML does not know; write the character itself",
    "ERR_TAG_NOT_FINISHED": _CUT_OFF,
    "ERR_GT_REQUIRED": _CUT_OFF,
    "ERR_COMMENT_NOT_FINISHED": _CUT_OFF,
    "ERR_CDATA_NOT_FINISHED": _CUT_OFF,
    "ERR_PI_NOT_FINISHED": _CUT_OFF,
    "ERR_LTSLASH_REQUIRED": _CUT_OFF,
    "ERR_ATTRIBUTE_NOT_FINISHED": _CUT_OFF,
    "ERR_TAG_NAME_MISMATCH": "an element is closed under another name than it was opened with, or not closed at all",
    "ERR_ATTRIBUTE_REDEFINED": "an attribute is given twice",
    "NS_ERR_ATTRIBUTE_REDEFINED": "an attribute is given twice",
    "ERR_ATTRIBUTE_NOT_STARTED": "the value of an attribute must stand in quotation marks",
    "ERR_ATTRIBUTE_WITHOUT_VALUE": "an attribute has no value",
    "ERR_LT_IN_ATTRIBUTE": "a '<' stands in the value of an attribute; write &lt;",
    "ERR_MISPLACED_CDATA_END": "the characters ]]> stand in a text; write ]]&gt;",
    "ERR_HYPHEN_IN_COMMENT": "a comment contains two hyphens, which XML does not allow",
    "NS_ERR_UNDEFINED_NAMESPACE": "a namespace prefix is used that is declared nowhere; add its xmlns declaration",
    "NS_ERR_XML_NAMESPACE": "a namespace declaration is empty or touches a reserved prefix",
    "NS_ERR_QNAME": "a name has more than one colon",
    "WAR_NS_URI": "a namespace is no valid URI",
}
_BY_CODE: Final = {getattr(etree.ErrorTypes, name): words for name, words in _SENTENCES.items()}
_ENCODING: Final = (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING)
_OVER_LIMIT: Final = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG)
_PLACE: Final = re.compile(r"\s*,? line \d+, column \d+$")


def explain(error: XMLSyntaxError, data: bytes) -> XmlError:
    """Turn an error of libxml2 into one of ours.

    Args:
        error: what lxml raised.
        data: the UTF-8 bytes that it was raised for.

    Returns:
        The error to raise: ``XML_ENCODING``, ``XML_LIMIT`` or ``XML_SYNTAX``, with line and column.
    """
    said = _PLACE.sub("", error.msg or "").strip()
    line, column = error.position
    code: int = getattr(error, "code", 0)  # the stubs do not know it
    if code in _ENCODING:
        return _encoding(data, line, column)
    if code in _OVER_LIMIT or "too big" in said:
        words = next(words for start, words in _LIMITS if said.startswith(start))
        return XmlError(f"the document is refused: {words}", line=line, column=column, code="XML_LIMIT")
    words = _BY_CODE.get(code, "repair it, or ask the sender for a correct one")
    return XmlError(f"the XML is not well-formed: {words} ({said})", line=line, column=column, code="XML_SYNTAX")


def _encoding(data: bytes, line: int, column: int) -> XmlError:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        wrong = f"the byte {data[error.start]:#04x} is no UTF-8 text"
    else:
        wrong = "there are bytes that are no UTF-8 text"
    return XmlError(
        f"{wrong}, which the document is said to be; save it as UTF-8, or declare the encoding that it really has"
        ' (for instance <?xml version="1.0" encoding="windows-1252"?>)',
        line=line,
        column=column,
        code="XML_ENCODING",
    )
