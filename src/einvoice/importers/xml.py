# SPDX-License-Identifier: Apache-2.0
"""Read an XML export by the one safe parser, as a tree of elements.

Names lose their namespace, attributes are members called ``@name``, the text of an element that has attributes or
children is its member ``#text``; an element without either is its text. Elements of one name are a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from einvoice.bind.xml import parse
from einvoice.errors import FormatError, MappingError, XmlError
from einvoice.importers.tree import TEXT, Node, Tree, elements

if TYPE_CHECKING:
    from lxml.etree import _Element

    from einvoice.importers.declaration import Source


def read_xml_tree(data: bytes, _source: Source, file: str) -> Tree:
    """Read an XML export.

    Args:
        data: its bytes.
        file: its name, for messages.

    Raises:
        MappingError: the parser refuses it: not well-formed, a document type, over a limit.
    """
    try:
        root = parse(data, source=file)
    except (XmlError, FormatError) as error:
        raise MappingError(
            error.message, source=file, line=error.line, column=error.column, code=error.code or "XML"
        ) from None
    made = _value(root)
    return Tree(file, made if isinstance(made, Node) else Node({TEXT: made}), elements)


def _value(element: _Element) -> Any:  # noqa: ANN401 - a text or a node
    text = (element.text or "").strip()
    members: dict[str, Any] = {f"@{_local(str(name))}": str(value) for name, value in element.attrib.items()}
    for child in element:
        if not isinstance(child.tag, str):
            text += (child.tail or "").strip()
            continue
        name, value = _local(child.tag), _value(child)
        there = members.get(name)
        if there is None:
            members[name] = value
        elif isinstance(there, list):
            there.append(value)
        else:
            members[name] = [there, value]
    if not members:
        return text
    if text:
        members[TEXT] = text
    return Node(members, line=_line(element))


def _line(element: _Element) -> int | None:
    line: Any = element.sourceline  # the stubs of lxml give it no usable type
    return line if isinstance(line, int) else None


def _local(name: str) -> str:
    return name.rpartition("}")[2]
