# SPDX-License-Identifier: Apache-2.0
"""The text of a document and where in it every element begins and ends, so that one can be changed and no other.

A document that is parsed and written again is another one: comments are gone, quotes and line ends differ. A repair
has to be reviewable, so it changes the text, and the tree only says where.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from einvoice.bind.xml_encoding import codec_of
from einvoice.errors import XmlError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

_MARKUP: Final = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|</(?P<close>[^\s>]+)[^>]*>"
    r"""|<(?P<name>[^\s/>!?"'=]+)(?P<rest>[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+)>""",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"""(?P<name>[^\s=/>"']+)\s*=\s*(?P<quote>["'])(?P<value>.*?)(?P=quote)""", re.DOTALL)


class Extent:
    """One element in the text.

    Attributes:
        name: as written, with its prefix.
        start: where its start tag begins.
        inner: where its content begins, behind the start tag.
        close: where its end tag begins; the same as ``end`` for an element without one (``<a/>``).
        end: where it ends.
        children: the elements in it.
    """

    __slots__ = ("children", "close", "end", "inner", "name", "start")

    def __init__(self, name: str, start: int, inner: int) -> None:
        self.name, self.start, self.inner = name, start, inner
        self.close = self.end = inner
        self.children: list[Extent] = []

    @property
    def is_single_tag(self) -> bool:
        """Whether it is written as one tag, ``<a/>``."""
        return self.close == self.inner == self.end

    def attributes(self, text: str) -> Iterator[tuple[str, int, int]]:
        """The attributes as written, namespace declarations included, and where their values begin and end.

        Args:
            text: the text.
        """
        for match in _ATTRIBUTE.finditer(text, self.start + 1 + len(self.name), self.inner):
            yield match["name"], match.start("value"), match.end("value")


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a document as it stands, byte order mark and line ends included, and the codec that gives it back.

    Args:
        data: the document as it came; it has been parsed.
    """
    codec = codec_of(data)
    return data.decode(codec), codec


def extents(text: str, root: _Element) -> list[Extent]:
    """Every element of a text, in the order of the document.

    Args:
        text: the text.
        root: the root of the tree that was parsed from it.

    Raises:
        XmlError: text and tree do not tell the same story.
    """
    found: list[Extent] = []
    inside: list[Extent] = []
    for match in _MARKUP.finditer(text):
        if match["name"] is not None:
            extent = Extent(match["name"], match.start(), match.end())
            if inside:
                inside[-1].children.append(extent)
            found.append(extent)
            if not match["rest"].endswith("/"):
                inside.append(extent)
        elif match["close"] is not None and inside:
            extent = inside.pop()
            extent.close, extent.end = match.span()
    names = [str(etree.QName(element).localname) for element in root.iter("*")]
    if names != [extent.name.rpartition(":")[2] for extent in found]:
        raise XmlError("the text of the document cannot be changed safely; it is left as it is", code="XML_TEXT")
    return found
